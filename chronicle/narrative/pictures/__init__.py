"""Pictures of a document as SVG, drawn here: no script, no network, no font of our own, the same bytes every time.

    document.Timeline -> axis + placement -> marks -> timeline.draw
    document.Chart    -> Vega-Lite        ->          charts.draw

A picture takes its colours from custom properties that a page may set (`theme`), and is right on white without.
"""
