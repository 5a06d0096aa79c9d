"""The colour a colour's name stands for, so that a picker can show it."""

import re

# Shop colours in English and German; the last word that is known decides: "Forest Green" is green, "Sage" is sage.
_COLOURS = {
    "#1d1f22": "black schwarz",
    "#353e47": "graphite charcoal anthracite graphit anthrazit slate schiefer",
    "#8a8d91": "grey gray grau silver silber space",
    "#c9cdd2": "aluminium aluminum light hellgrau",
    "#f7f7f5": "white weiß weiss snow clear transparent",
    "#efe6d5": "cream creme ivory elfenbein natural natur oat",
    "#d5c2a3": "sand beige khaki tan taupe",
    "#8b5e3c": "brown braun walnut oak eiche wood holz chocolate",
    "#b9532f": "terracotta terrakotta rust rost copper kupfer clay",
    "#c23b33": "red rot crimson",
    "#7a2335": "burgundy wine bordeaux",
    "#e0792f": "orange amber",
    "#f0c237": "yellow gelb gold ochre ocker mustard",
    "#3f7a4d": "green grün gruen forest",
    "#9aae8c": "sage salbei mint olive moss moos",
    "#2f8f8b": "teal turquoise türkis petrol",
    "#2d6f95": "ocean ozean",
    "#2b5fb0": "blue blau cobalt",
    "#20304f": "navy midnight indigo dunkelblau",
    "#7a55a3": "purple violet lila violett",
    "#e3a1b4": "pink rose rosa coral",
}
_COLOUR_OF_WORD = {word: colour for colour, words in _COLOURS.items() for word in words.split()}


def swatch_colour(name: str) -> str:
    """Return the CSS colour of a colour's name, such as #9aae8c for "Sage"; empty where the name says nothing."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return next((_COLOUR_OF_WORD[word] for word in reversed(words) if word in _COLOUR_OF_WORD), "")
