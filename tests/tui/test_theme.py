import itertools

import pytest
from rich.color import Color
from textual.theme import BUILTIN_THEMES

from soulguard.tui.theme import DARK, LIGHT, Palette, verdict_colours

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
VERDICTS = ("verdict-deny", "verdict-ask", "verdict-advise", "verdict-quiet")


def linear(colour):
    parts = [c / 255 for c in Color.parse(colour).get_truecolor()]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def luminance(colour):
    return sum(
        w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True)
    )


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    r, g, b = rgb
    white = 0.95047, 1.0, 1.08883
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    f = [
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (c / w for c, w in zip(xyz, white, strict=True))
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def seen(colour, vision):
    rgb = linear(colour)
    rows = VISIONS[vision]
    mixed = [sum(m * c for m, c in zip(row, rgb, strict=True)) for row in rows]
    return lab([min(max(c, 0.0), 1.0) for c in mixed])


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_verdicts_stand_out_from_the_ground(theme):
    colours = verdict_colours(theme)
    assert all(contrast(colours[v], theme.background) >= 4.5 for v in VERDICTS)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_verdicts_stay_apart_whatever_the_eyes(theme, vision):
    colours = verdict_colours(theme)
    for one, other in itertools.combinations(VERDICTS, 2):
        apart = zip(
            seen(colours[one], vision), seen(colours[other], vision), strict=True
        )
        assert sum((a - b) ** 2 for a, b in apart) ** 0.5 >= 25, (one, other)


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda t: t.name)
def test_every_theme_has_every_weight(theme):
    palette = Palette(theme)
    for weight in ("", "done", "bold", "deny", "ask", "advise", "quiet", "+", "-"):
        palette[weight]
