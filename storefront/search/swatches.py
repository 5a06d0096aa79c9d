"""The colour a colour's name stands for, so that a picker can show it."""

import re

COLOUR_AXES = ("color", "colour")
# Shop colours in the shop's languages; the last word that is known decides: "Forest Green" is green, "Sage" is sage.
_COLOURS = {
    "#1d1f22": "black schwarz noir noire nero nera negro negra 黑色",
    "#353e47": "graphite charcoal anthracite graphit anthrazit slate schiefer ardoise antracite antracita",
    "#8a8d91": "grey gray grau silver silber space gris grise grigio grigia argent argento plata 灰色 银色",
    "#c9cdd2": "aluminium aluminum light hellgrau",
    "#f7f7f5": "white weiss snow clear transparent blanc blanche bianco bianca blanco blanca 白色 透明",
    "#efe6d5": "cream creme ivory elfenbein natural natur oat crème ivoire crema avorio marfil 米色",
    "#d5c2a3": "sand beige khaki tan taupe sable sabbia arena",
    "#8b5e3c": "brown braun walnut oak eiche wood holz chocolate marron brun marrone marrón 棕色",
    "#b9532f": "terracotta terrakotta rust rost copper kupfer clay cuivre rame cobre",
    "#c23b33": "red rot crimson rouge rosso rossa rojo roja 红色",
    "#7a2335": "burgundy wine bordeaux",
    "#e0792f": "orange amber arancione naranja 橙色",
    "#f0c237": "yellow gelb gold ochre ocker mustard jaune giallo gialla amarillo amarilla dorado 黄色 金色",
    "#3f7a4d": "green grün gruen forest vert verte verde 绿色",
    "#9aae8c": "sage salbei mint olive moss moos sauge salvia menta",
    "#2f8f8b": "teal turquoise türkis petrol turchese turquesa",
    "#2d6f95": "ocean ozean océan oceano océano",
    "#2b5fb0": "blue blau cobalt bleu bleue blu azul 蓝色",
    "#20304f": "navy midnight indigo dunkelblau marine",
    "#7a55a3": "purple violet lila violett violette viola morado 紫色",
    "#e3a1b4": "pink rose rosa coral 粉色",
}
_GERMAN_ENDINGS = ("grün", "blau", "grau", "gelb", "braun", "weiss", "schwarz")  # casefold writes ß as ss
_COLOUR_OF_WORD = {word: colour for colour, words in _COLOURS.items() for word in words.split()}


def swatch_colour(name: str) -> str:
    """Return the CSS colour of a colour's name, such as #9aae8c for "Sage"; empty where the name says nothing."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return next(filter(None, map(_colour_of_word, reversed(words))), "")


def _colour_of_word(word: str) -> str:
    """Return a word's colour; German writes "waldgrün" in one."""
    ending = next((ending for ending in _GERMAN_ENDINGS if word.endswith(ending)), "")
    return _COLOUR_OF_WORD.get(word) or _COLOUR_OF_WORD.get(ending, "")


def swatch_of(axis: str, value: str) -> str:
    """Return the colour of a value where its axis is the colour, else nothing."""
    return swatch_colour(value) if axis in COLOUR_AXES else ""
