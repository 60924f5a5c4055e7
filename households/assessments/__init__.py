"""The needs and risk assessment (욕구 및 위기도 조사) of a household or of one person, and two of them side by side."""
