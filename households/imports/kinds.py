"""The ranged facts that one register row states, and where in the row each is said."""

from casework.imports.versions import Kind

NAME = Kind("households_personname", "person_id", ("family", "given"), {"kind": "hangul"})
LATIN = Kind("households_personname", "person_id", ("family", "given"), {"kind": "latin"})
RESIDENCE = Kind("households_residence", "person_id", ("status",))
DECISION = Kind("households_protectiondecision", "person_id", ("decision",))
PHONE = Kind("households_phone", "person_id", ("number",))
MEMBERSHIP = Kind("households_membership", "person_id", ("household_id", "role"), {"kind": "living"})
DWELLING = Kind("households_dwelling", "household_id", ("district_id",), blank={"town": ""})
RESPONSIBILITY = Kind("households_responsibility", "household_id", ("center_id",))
ASSIGNMENT = Kind("households_assignment", "household_id", ("worker_id",), {"kind": "main"}, {"reason": ""})

# What a person's row says of the person: kind, the content in columns of `import_good`, where it is said at all and
# is news (households.imports.news).
OF_PERSON = {
    "plan_name": (NAME, "family_name AS family, given_name AS given", "news_name"),
    "plan_latin": (LATIN, "'' AS family, latin_name AS given", "latin_name <> '' AND news_latin"),
    "plan_residence": (RESIDENCE, "residence_status AS status", "news_residence"),
    "plan_decision": (DECISION, "protection_decision AS decision", "news_decision"),
    "plan_phone": (PHONE, "phone AS number", "phone <> '' AND news_phone"),
    "plan_member": (MEMBERSHIP, "household_id, household_role AS role", "news_member"),
}
# What the rows of a household say of it, once: kind, content, since when, where it is said at all.
OF_HOUSEHOLD = {
    "plan_dwelling": (DWELLING, "district_id", "NULL::date", "district_id IS NOT NULL AND news_district"),
    "plan_center": (RESPONSIBILITY, "center_id", "NULL::date", "center_id IS NOT NULL AND news_center"),
    "plan_worker": (ASSIGNMENT, "worker_id", "assigned_on", "worker_id IS NOT NULL AND news_worker"),
}
