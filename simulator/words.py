"""What people write back. Pure."""

from __future__ import annotations

from random import Random

ANSWERS = (
    "Da",
    "Nu",
    "Da, mulțumesc!",
    "Mulțumesc 😀",
    "Ok",
    "Confirm",
    "Confirm programarea",
    "Nu pot ajunge, putem reprograma?",
    "Știu, am primit deja",
    "La ce oră?",
    "Cât costă?",
    "Vă rog să mă sunați",
    "Revin eu mâine",
    "Super 👍",
    "Nu mai am nevoie, mersi",
    "Unde vă găsesc?",
    "Perfect, ne vedem sâmbătă",
    "Comanda nu a ajuns încă :(",
    "Aș dori și eu 2 bucăți & transport",
    "Sunt în ședință, revin",
    "Cine sunteți?",
    "ÎN REGULĂ",
    "da da da",
    "👍",
    "❤️❤️",
    "Mâine după ora 17:00 e bine? Dacă nu, atunci vineri dimineață, vă rog.",
    "Bună ziua, aș vrea să știu dacă oferta mai este valabilă și în weekend. Mulțumesc frumos!",
    "Thanks, see you there",
    "1",
    "2",
    "",
)
OPT_OUTS = ("STOP", "Stop", "stop ", "DEZABONARE", "Dezabonare", "dezabonați-mă", "NU MAI VREAU")
ODDITIES = (
    "=1+1",
    "+40 suna-ma",
    "<b>Da</b>",
    "<script>alert(1)</script>",
    "100% sigur; a=b&c=d",
    'spune "da", te rog',
    "linia unu\nlinia doi",
    "\u202eStop",
)

OPT_OUT_SHARE = 0.025
ODDITY_SHARE = 0.002


def answer(rng: Random) -> str:
    """Pick a reply's body: mostly an answer, sometimes an opt-out, now and then an oddity."""
    chance = rng.random()
    if chance < OPT_OUT_SHARE:
        return rng.choice(OPT_OUTS)
    if chance < OPT_OUT_SHARE + ODDITY_SHARE:
        return rng.choice(ODDITIES)
    return rng.choice(ANSWERS)
