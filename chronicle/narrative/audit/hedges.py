"""Words by which a language says that a figure or date is not exact. What is not in the table is not looked for.

They are kept apart from the catalogues on purpose: a catalogue that says `exactly` for `about` is found out here.
"""

from __future__ import annotations

import re

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "about": r"about|around|approximat\w+|roughly|c\.|circa|estimated",
        "more-than": r"more than|over|above",
        "less-than": r"less than|under|below|fewer than",
        "at-least": r"at least",
        "at-most": r"at most|up to",
        "uncertain": r"possibly|perhaps|uncertain|\(\?\)|may have|might",
        "start": r"from|since|begin\w*|start\w*|after|or later|ongoing",
        "end": r"by|until|till|through|or earlier|no later than|before|up to|to",
    },
    "az": {
        "about": r"təqribən|təxminən|təxmini|haradasa|yaxın|qədər|civarı\w*|t\.",
        "more-than": r"artıq|çox|yuxarı",
        "less-than": r"az|aşağı",
        "at-least": r"ən azı|azı|minimum",
        "at-most": r"ən çoxu|çoxu|ən çox|maksimum|qədər",
        "uncertain": r"ehtimal\w*|bəlkə|güman\w*|dəqiq deyil|qeyri-müəyyən\w*|\(\?\)|mümkün\w*|ola bilər|ola bilsin",
        "start": r"\w*(?:dan|dən)|bəri|etibarən|başla\w+|sonra|davam\w*",
        "end": r"\w*(?:dək|dəк)|qədər|əvvəl|kimi|gec olmayaraq|gec\w*",
    },
    "tr": {
        "about": r"yaklaşık|civarı\w*|dolay\w*|aşağı yukarı|tahmin\w*|y\.|kadar",
        "more-than": r"fazla|aşkın|çok|üzeri\w*",
        "less-than": r"az|altı\w*",
        "at-least": r"en az",
        "at-most": r"en fazla|en çok",
        "uncertain": r"muhtemel\w*|belki|olası\w*|olasılık\w*|belirsiz|kesin değil|\(\?\)|olabilir",
        "start": r"\w*[’']?(?:dan|den|tan|ten)|beri|itibaren|başla\w+|sonra|sür\w+|devam\w*",
        "end": r"kadar|dek|değin|önce|en geç",
    },
    "ru": {
        "about": r"около|примерно|приблизительно|приблизительн\w+|ок\.",
        "more-than": r"более|больше|свыше",
        "less-than": r"менее|меньше",
        "at-least": r"не менее|не меньше|по меньшей мере|как минимум",
        "at-most": r"не более|не больше|самое большее|до",
        "uncertain": r"возможно|вероятно|предположительно|неточн\w+|неопредел\w+|не установлен\w*|\(\?\)|могло?\w*",
        "start": r"с|со|от|начиная|после|продолжа\w+|длится|не ранее|позже|позднее",
        "end": r"до|к|ко|по|раньше|ранее|не позднее|не позже",
    },
    "de": {
        "about": r"etwa|rund|ungefähr\w*|circa|ca\.|um|geschätzt\w*",
        "more-than": r"mehr als|über",
        "less-than": r"weniger als|unter",
        "at-least": r"mindestens|wenigstens",
        "at-most": r"höchstens|bis zu",
        "uncertain": r"möglicherweise|vielleicht|vermutlich|unsicher\w*|ungewiss\w*|\(\?\)|könnte\w*|möglich\w*",
        "start": r"seit|ab|von|vom|nach|beginn\w*|oder später|andauernd|fortlaufend",
        "end": r"bis|vor|oder früher|spätestens|zum",
    },
    "fr": {
        "about": r"environ|vers|à peu près|approximati\w+|estimé\w*|v\.",
        "more-than": r"plus de|plus d[’']",
        "less-than": r"moins de|moins d[’']",
        "at-least": r"au moins",
        "at-most": r"au plus|jusqu[’']à",
        "uncertain": r"peut-être|possibl\w+|probabl\w+|incertain\w*|\(\?\)|pourrai\w+",
        "start": r"depuis|à partir|dès|de|du|d[’']|après|ou plus tard|en cours|à compter",
        "end": r"jusqu\w*[’']?\w*|avant|d[’']ici|au plus tard|ou plus tôt|à|au",
    },
}  # fmt: skip
_COMPILED = {
    language: {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for name, words in table.items()}
    for language, table in _WORDS.items()
}


def is_hedged(text: str, how: str, language: str) -> bool:
    """The text has a word for it: a qualifier of figures, `uncertain`, or the `start` or `end` of a time.

    True for a language without a table.
    """
    table = _COMPILED.get(language)
    return table is None or table[how].search(text) is not None
