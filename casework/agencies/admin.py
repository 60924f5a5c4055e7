"""The admin serves reference data and users only; no model with a path to a person is registered in it."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as PasswordAdmin
from django.contrib.auth.forms import AdminUserCreationForm

from casework.agencies.models import Agency, District, Jurisdiction, RoleGrant, User
from casework.agencies.models.user import SYSTEM
from casework.clock import Holiday


class NewUserForm(AdminUserCreationForm):
    """Somebody who begins to work here, with a first password."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "name", "agency")


@admin.register(User)
class UserAdmin(PasswordAdmin):
    """Users and, as nothing is promised by mail, their new passwords. Who commands act as is not among them."""

    add_form = NewUserForm
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "email", "phone", "agency", "language"]}),
        (None, {"fields": ["weekly_contacts", "woman", "keys_on", "is_active", "is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "agency", "usable_password", "password1", "password2"]}),
    ]
    ordering = ["username"]
    filter_horizontal = ()
    list_display = ["username", "name", "agency", "language", "is_active"]
    search_fields = ["username", "name"]
    list_filter = ["is_active"]
    autocomplete_fields = ["agency"]

    def get_queryset(self, request):
        """Leave out the user that commands act as: nobody logs in as it."""
        return super().get_queryset(request).exclude(username=SYSTEM)


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
    """To look at only: roles are given by `granting`, which asks for a reason, keeps an Event, and serves nobody
    themselves."""

    list_display = ["user", "role", "during", "granted_by", "reason"]

    def has_add_permission(self, request):
        """Say no, whoever asks."""
        return False

    def has_change_permission(self, request, obj=None):
        """Say no, whoever asks."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Say no, whoever asks."""
        return False


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["day", "name_ko", "name_en"]
