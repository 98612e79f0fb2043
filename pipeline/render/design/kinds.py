"""Kinds of designs: page shapes, the layouts that suit them, and what stands where there are no words yet."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.render.art import plural, tokens


@dataclass(frozen=True)
class Kind:
    """A kind of design.

    `aspect` is width / height (0: any), `words` name it (parts of one name joined by hyphens), `layouts` suit
    it, the best first. `kicker` and `empty` are placeholders: lines parted by " / ", each with its role, a
    price after a bar.
    """

    name: str
    aspect: float
    words: str
    layouts: str
    kicker: str = ""
    empty: str = "text:Your message here"


_EVENT = "date:Your date here / place:Your place here / text:Your details here"
_CARD = "text:Your name / text:Your role / contact:your phone / contact:your e-mail"
_STORIES = "head:Your first story / text:Your text here / head:Your second story / text:Your text here"
_POSITIONS = "text:Your last position here / text:Your earlier position here"


def _nth(role: str, thing: str, count: int) -> str:
    """Placeholders for the rows of a list; a price list's rows end in a price."""
    price = "|00" if role == "row" else ""
    ordinals = ("first", "second", "third", "fourth", "fifth", "sixth")[:count]
    return " / ".join(f"{role}:Your {nth} {thing} here{price}" for nth in ordinals)


# The first kind that a design type names is taken, so "business card" stands before "card".
KINDS = (
    Kind("business card", 1.75, "business-card name-tag badge membership-card loyalty-card appointment-card "
         "id-card gift-card gift-voucher gift-certificate coupon voucher",
         "side split type pattern", empty=_CARD),
    Kind("price list", 0.71, "price-list rate-card order-form", "list header frame",
         empty=_nth("row", "service", 5)),
    Kind("banner", 3.0, "banner email-header website-header facebook-cover channel-art leaderboard billboard "
         "wristband",
         "side band type split"),
    Kind("story", 0.5625, "story phone-wallpaper reel snapchat app-screen", "hero split type arch burst"),
    Kind("thumbnail", 1.78, "thumbnail", "type side burst split", empty=""),
    Kind("infographic", 0.6, "infographic timeline flowchart", "steps", empty=_nth("step", "fact", 4)),
    Kind("invitation", 0.714, "invitation invite save-the-date rsvp announcement",
         "frame arch pattern split hero", "You are invited",
         "date:Your date here / place:Your place here / text:RSVP: your contact"),
    Kind("menu", 0.66, "menu wine-list recipe", "list header frame", empty=_nth("row", "dish", 6)),
    Kind("certificate", 1.414, "certificate diploma award", "frame", "Certificate",
         "text:presented to / head:Your name here / date:Your date here / text:Your signature here"),
    Kind("ticket", 2.4, "ticket admission raffle boarding-pass", "stub", "Admit one",
         "date:Your date here / place:Your place here / text:No. 000"),
    Kind("calendar", 0.75, "calendar", "month", empty=""),
    Kind("resume", 0.707, "resume cv curriculum", "header list",
         empty=f"head:Experience / {_POSITIONS} / head:Education / text:Your school here / head:Skills / "
               "text:Your skills here / contact:your e-mail"),
    Kind("document", 0.707, "letterhead invoice report document letter proposal contract form", "header list",
         empty="text:Your text here / text:Your name"),
    Kind("newsletter", 0.707, "newsletter bulletin magazine-page", "header list split", "Issue 00", _STORIES),
    Kind("list", 0.707, "checklist worksheet planner list handout sign-up-sheet flashcard bingo notice "
         "schedule seating-chart itinerary program programme", "list header", empty=_nth("text", "point", 4)),
    Kind("slide", 1.78, "slide presentation deck landing-page website web-page video keynote company-profile",
         "side split type hero", empty="text:Your subtitle here / text:Your name"),
    Kind("brochure", 1.414, "brochure trifold tri-fold catalog catalogue lookbook booklet portfolio",
         "panels split",
         empty="head:About / text:Your text here / head:Services / text:Your text here / head:Contact / "
               "contact:your phone"),
    Kind("post", 1.0, "instagram-post facebook-post linkedin-post social-media post carousel ad album "
         "podcast",
         "hero type pattern split burst arch"),
    Kind("cover", 0.66, "book-cover cover ebook magazine-cover bookmark", "hero split type arch burst",
         empty="text:Your subtitle here / text:Your name"),
    Kind("logo", 1.0, "logo emblem wordmark crest sticker t-shirt stamp icon pin", "mark", empty=""),
    Kind("label", 1.2, "label packaging jar bottle tag box", "pattern mark frame"),
    Kind("sign", 1.4, "yard-sign sign door-hanger placard", "type side burst", empty=""),
    Kind("card", 0.75, "card postcard thank-you greeting", "pattern frame arch hero split"),
    Kind("flyer", 0.707, "flyer leaflet handbill", "hero split type burst band arch", empty=_EVENT),
    Kind("poster", 0.707, "poster playbill", "hero type burst split arch band pattern", empty=_EVENT),
)  # fmt: skip
PLAIN = Kind("plain", 0.0, "", "hero split type pattern arch burst band")


def kind_of(design_type: str, prompt: str = "") -> Kind:
    """The kind that the design type names, else the one that the prompt names first, else PLAIN."""
    for kind in KINDS:
        if _places(kind, design_type):
            return kind
    named = [(min(places), order) for order, kind in enumerate(KINDS) if (places := _places(kind, prompt))]
    return KINDS[min(named)[1]] if named else PLAIN


def _places(kind: Kind, text: str) -> list[int]:
    """Where the text names the kind."""
    spoken = f" {' '.join(tokens(text))} "
    names = [" ".join(tokens(name)) for name in kind.words.split()]
    return [spoken.index(f" {name} ") for name in (*names, *map(plural, names)) if f" {name} " in spoken]
