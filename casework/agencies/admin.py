"""The admin serves reference data and users only; no model with a path to a person is registered in it."""

from django.contrib import admin

from casework.agencies.models import Agency, District, Jurisdiction, RoleGrant, User
from casework.clock import Holiday


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["username", "name", "agency", "language", "is_active"]
    search_fields = ["username", "name"]
    list_filter = ["is_active"]
    autocomplete_fields = ["agency"]
    exclude = ["password", "groups", "user_permissions", "last_login"]


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["name_ko", "name_en", "kind", "unofficial"]
    search_fields = ["name_ko", "name_en"]
    list_filter = ["kind"]
    autocomplete_fields = ["parent"]


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "parent"]
    search_fields = ["name", "name_en", "code"]


@admin.register(Jurisdiction)
class JurisdictionAdmin(admin.ModelAdmin):
    list_display = ["agency", "district", "during"]
    autocomplete_fields = ["agency", "district"]


@admin.register(RoleGrant)
class RoleGrantAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "during", "granted_by", "reason"]
    autocomplete_fields = ["user", "granted_by", "revoked_by"]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["day", "name_ko", "name_en"]
