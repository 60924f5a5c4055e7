"""Migrating without drawing every model anew after every operation.

Django renders a changed model again and, since others point at its class, nearly every model there is; with hundreds
of triggers and constraints that was nine tenths of a first start. Here a new model is rendered alone, a new field is
added to the class that stands, and a trigger, constraint or index is put on its list. Every other change takes
Django's own way, and whoever runs Python in a migration gets classes that Django rendered for it.
"""

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

LISTS = ("constraints", "indexes", "triggers")


class Executor(MigrationExecutor):
    """Django's executor; on the way forwards its state changes in place. Backwards it needs the older classes too."""

    def _migrate_all_forwards(self, state, *arguments, **options):
        state = State.of(state)
        return super()._migrate_all_forwards(state, *arguments, **options)  # type: ignore[misc]  # no stub


class State(ProjectState):
    """Django's state of all models, whose rendered classes are changed in place where that says the same."""

    def __init__(self, models=None, real_apps=None):
        super().__init__(models, real_apps)
        self.drawn = {}  # what each rendered class was made from, by (app label, model name)

    @classmethod
    def of(cls, state):
        """Return the same state, to be changed in place from here on."""
        made = cls(state.models, state.real_apps)
        made.is_delayed = state.is_delayed
        if "apps" in state.__dict__:
            made.apps = state.apps
        return made

    def reload_model(self, app_label, model_name, delay=False):
        """Bring the rendered class of a model in line with the model's state."""
        if "apps" not in self.__dict__:
            return
        model, rendered = self.models[app_label, model_name], self.apps.all_models[app_label].get(model_name)
        before, after = self.drawn.get((app_label, model_name)), Drawn(model)
        self.drawn[app_label, model_name] = after
        if rendered is None:
            self.apps.render_multiple([model])
        elif before is None or not after.continues(before):
            super().reload_model(app_label, model_name, delay)
        else:
            after.put_on(rendered, before)
            self.apps.clear_cache()
        self.is_delayed = True  # Django's word for: render all before any Python of a migration runs


class Drawn:
    """What a class was rendered from: its fields in their order, the lists that grow and shrink, and the rest."""

    def __init__(self, model):
        self.fields = list(model.fields.items())
        self.lists = {name: list(model.options.get(name, ())) for name in LISTS}
        self.rest = {name: value for name, value in model.options.items() if name not in LISTS}
        self.named = model.name, model.bases, list(model.managers)

    def continues(self, before):
        """Tell whether fields came after those that stood, or only the lists differ."""
        kept = self.fields[: len(before.fields)]
        return (self.rest, self.named, len(kept)) == (before.rest, before.named, len(before.fields)) and all(
            name == old_name and field is old
            for (name, field), (old_name, old) in zip(kept, before.fields, strict=True)
        )

    def put_on(self, rendered, before):
        """Add to the rendered class the fields that `before` did not have, and hand it the lists."""
        for name, field in self.fields[len(before.fields) :]:
            rendered.add_to_class(name, field.clone())
        for name, entries in self.lists.items():
            setattr(rendered._meta, name, entries)
