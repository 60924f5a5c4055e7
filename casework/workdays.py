"""The numbered days: which is a working day, and how many there were up to it; for questions put in SQL.

`casework.clock` counts the same days one by one; a statement over many rows subtracts two numbers instead.
"""

import pgtrigger
from django.db import models

# Rewrites only what a holiday changed; readers see the old numbers or the new ones, never a mixture.
NUMBER_THE_DAYS = """
    INSERT INTO casework_workday (day, works, number)
    SELECT day, works, count(*) FILTER (WHERE works) OVER (ORDER BY day)
    FROM (
        SELECT counted.at::date AS day,
            extract(isodow FROM counted.at) < 6
                AND NOT EXISTS (SELECT FROM casework_holiday holiday WHERE holiday.day = counted.at::date) AS works
        FROM generate_series('1998-01-01'::timestamp, '2040-12-31'::timestamp, interval '1 day') AS counted (at)
    ) days
    ON CONFLICT (day) DO UPDATE SET works = EXCLUDED.works, number = EXCLUDED.number
    WHERE (casework_workday.works, casework_workday.number) IS DISTINCT FROM (EXCLUDED.works, EXCLUDED.number)
"""


class Workday(models.Model):
    """A day, whether offices work on it, and its number among the working days. Kept by a trigger on Holiday."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    number = models.IntegerField()

    class Meta:
        app_label = "casework"
        ordering = ["day"]
        indexes = [models.Index(fields=["number"], condition=models.Q(works=True), name="working_day_by_number")]

    def __str__(self):
        return str(self.day)


def numbers_the_days():
    """Return the trigger that numbers the days anew after a change of the holidays."""
    return pgtrigger.Trigger(
        name="number_the_days",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"{NUMBER_THE_DAYS}; RETURN NULL;",
    )
