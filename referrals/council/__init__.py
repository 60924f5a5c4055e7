"""Council meetings (지역협의회, 지역사회보장협의체): each household is shown to the members for a time, on a ground."""
