"""The audit of reports: it reads a finished document as a sceptical reader would, and believes nothing in it.

    document -> lines -> typed_runs (figure_runs, date_runs), plain_words, working, citing -> findings
    matter -> ground: what there is to stand on

It shares no code with what composes: numbers and dates are read back from text by CLDR (`numerals`, `calendar_words`),
and what a date may say is taken from its EDTF text (`written_dates`).
"""
