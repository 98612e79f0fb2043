"""The board's value: one record for each candidate card, as a run goes on; `web/board.js` shows it."""

from __future__ import annotations

import secrets

from pipeline.studio import Drawing, Drawn, Failed, Step, Understood, Waiting, Written


class Board:
    """The board's value as it grows: one record for each card."""

    def __init__(self, wish: list, canvas: str | None) -> None:
        self.value: dict = {
            "run": secrets.token_hex(8),
            "phase": "busy",
            "message": "",
            "wish": wish,  # what the run was asked for: a reloaded page takes it up again
            "canvas": canvas,
            "cards": [],
        }

    def say(self, phase: str, message: str) -> dict:
        self.value |= {"phase": phase, "message": message}
        return self.copy()

    def take(self, step: Step, length: int) -> dict:
        """The board after one step of the studio."""
        cards = self.value["cards"]
        match step:
            case Understood():
                self.value["message"] = "Writing the prompts…"
            case Written(prompts):
                self.value["message"] = "The prompts are written. Drawing…"
                cards += [
                    {
                        "index": index,
                        "state": "written",
                        "prompt": prompt.text,
                        "words": prompt.words,
                        "length": length,
                        "seed": None,
                        "renderer": "",
                    }
                    for index, prompt in enumerate(prompts)
                ]
            case Waiting(index, ahead):
                cards[index] = cards[index] | {"state": "waiting", "ahead": ahead}
                self.value["message"] = f"Others are drawing: {ahead} before you."
            case Drawing(index, done, steps):
                cards[index] = cards[index] | {"state": "drawing", "step": done, "steps": steps}
                self.value["message"] = f"Drawing {index + 1} of {len(cards)}…"
            case Drawn(candidate):
                recipe = candidate.recipe
                cards[candidate.index] = cards[candidate.index] | {
                    "state": "drawn",
                    "id": candidate.id,
                    "seed": recipe.seed,
                    "size": list(candidate.image.size),
                    "renderer": recipe.renderer,
                    "notes": list(candidate.notes),
                    "formats": ["png", "svg", "pdf"] if candidate.svg else ["png"],
                    # A template, and a picture that started from the canvas, is the whole design.
                    "placed": recipe.task == "T2I" and recipe.start is None,
                }
            case Failed(index, reason):
                cards[index] = cards[index] | {"state": "failed", "reason": reason}
        return self.copy()

    def finish(self, stopped: bool) -> dict:
        cards = self.value["cards"]
        drawn = sum(card["state"] == "drawn" for card in cards)
        for card in cards:
            if card["state"] in ("written", "waiting", "drawing"):
                card["state"] = "stopped"
        if stopped:
            return self.say("stopped", f"Stopped. {drawn} of {len(cards)} were drawn.")
        if drawn < len(cards):
            return self.say("done", f"{drawn} of {len(cards)} were drawn; the cards say what went wrong.")
        if len(cards) < self.value["wish"][4]:
            return self.say(
                "done", f"Only {len(cards)} prompts came that differ enough. Try another length or topic."
            )
        return self.say("done", "Done. Rate what you see; every click is saved at once.")

    def copy(self) -> dict:
        return self.value | {"cards": [dict(card) for card in self.value["cards"]]}
