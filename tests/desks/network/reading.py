"""What stands in a table of figures, as text."""


def table_of(found, name):
    """Return {line: {measure: text}} of one table of the Figures."""
    """{row: {measure: text}} of one table."""
    table = found.tables[name]
    return {
        line.name: dict(zip(table.measures, (n.shown.text for n in line.numbers), strict=True)) for line in table.lines
    }
