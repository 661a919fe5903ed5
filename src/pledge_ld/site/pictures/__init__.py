"""Answers to saved queries → pictures as plain data: what is drawn, how long, and from which query."""

from pledge_ld.site.pictures.drawn import Drawn, Picture, lines_of, place
from pledge_ld.site.pictures.pair import pair
from pledge_ld.site.pictures.progress import ASKED, Answers, told
from pledge_ld.site.pictures.responsible import Heat
from pledge_ld.site.pictures.shown import of_city, of_department, of_item, of_summary
from pledge_ld.site.pictures.words import Words, in_language, words_of

__all__ = [
    "ASKED",
    "Answers",
    "Drawn",
    "Heat",
    "Picture",
    "Words",
    "in_language",
    "lines_of",
    "of_city",
    "of_department",
    "of_item",
    "of_summary",
    "pair",
    "place",
    "told",
    "words_of",
]
