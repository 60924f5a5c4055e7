"""Checksums of the tables of a register, by which two of them are compared."""

import hashlib

from django.db import connection

TABLES = (
    "households_person(id, case_number, register_ref, known_at)",
    "households_household(id, number, known_at)",
    "households_membership(person_id, household_id, role, during)",
    "households_personname(person_id, kind, family, given)",
    "households_particulars(person_id, sex, birth_on, entered_on, moved_in_on)",
    "households_protectionperiod(person_id, during, basis)",
    "households_contact(household_id, occurred_at, channel, contact_made, tags, summary, next_at, known_at)",
    "households_participant(contact_id, person_id)",
    "households_circumstance(person_id, kind, value, detail, during, source, known_at)",
    "households_screening(person_id, instrument, score, item9, observed_on, known_at)",
    "risk_signal(person_id, code_id, observed_on, ended_on, months, reference, known_at)",
    "risk_incident(household_id, person_id, kind, occurred_on, source, known_at)",
    "households_dwelling(household_id, district_id, town, during, known_at)",
    "risk_campaignhousehold(campaign_id, household_id, band, in_scope, out_reason)",
    "risk_campaignanswer(household_id, contact_fact_id, needs, in_crisis, services, known_at, client_key)",
    "referrals_referral(household_id, number, status, packet, sent_at)",
    "agencies_user(id, username, name)",
)


def checksums():
    """Return {table and columns: checksum} of the database that is connected."""
    return {table: _checksum(*table.rstrip(")").split("(", 1)) for table in TABLES}


def _checksum(table, columns):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(concat_ws('|', {columns}), ',' ORDER BY id) FROM {table}")
        return hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
