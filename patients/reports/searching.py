"""Items by what one calls them: characters, an abbreviation, or pinyin whole or begun."""

import re
from functools import lru_cache

from hospital.kernel.normalise import folded
from hospital.kernel.pinyin import pattern_of, syllables_of
from patients.reports.analytes import analyte_of


def is_called(typed: str, *, name: str, code: str = "") -> bool:
    """Whether `typed` is part of the name or of another one, or says it in pinyin.

    The pinyin begins at any syllable: `jg` and `jigan` find 血肌酐 as well as 肌酐.
    """
    wanted = folded(typed).casefold()
    if not wanted:
        return False
    names = (name, *analyte_of(code).also_called)
    if any(wanted in each.casefold() for each in names):
        return True
    pattern = pattern_of(wanted)
    return pattern is not None and any(re.search(pattern, _syllables(each)) for each in names)


@lru_cache(maxsize=4096)
def _syllables(name: str) -> str:
    return syllables_of(name)
