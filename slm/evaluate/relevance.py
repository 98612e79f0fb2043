"""Relevance by a judging model: the paper's Table II, for our model and for large ones asked the same.

python -m slm.evaluate relevance                                                       our model
python -m slm.evaluate relevance --baseline http://host:8000/v1#Qwen/Qwen3-8B --shots 0      on a server
python -m slm.evaluate relevance --baseline path/to/model --shots 5                    with transformers, here
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from openai import OpenAIError

from slm.command import Task
from slm.corpus import Example, load_corpus, split
from slm.judge import CRITERIA, MEDIA, Grade, Judge, intent_text
from slm.remote import ServerError, connect, explain

ASK = (
    "Write one prompt of about {length} words for {medium}. It names everything in the intent. "
    "Answer with the prompt alone."
)
Answer = Callable[[list[dict[str, str]]], str]


@dataclass(frozen=True)
class RelevanceRow:
    """Mean grades of one task's prompts. `odd` counts answers of the judge that could not be read."""

    writer: str
    task: str
    prompts: int
    correctness: float
    clarity: float
    completeness: float
    usefulness: float
    mean: float
    odd: int


def evaluate_relevance(
    name: str, judge: Judge, examples: list[Example], texts: list[str], length: int
) -> list[RelevanceRow]:
    """One row a task."""
    rows = []
    for task in Task:
        odd = judge.odd
        graded: list[Grade] = []
        for example, text in zip(examples, texts, strict=True):
            if example.task is task and (grade := judge.grade(example.brief(length), text)):
                graded.append(grade)
        if graded:
            means = {c: fmean(getattr(grade, c) for grade in graded) for c in CRITERIA}
            mean = fmean(means.values())
            rows.append(RelevanceRow(name, task, len(graded), **means, mean=mean, odd=judge.odd - odd))
    if not rows:
        raise ServerError(f"{judge.model} gave no grade that can be read: name a larger judging model")
    return rows


def baseline(where: str, examples: list[Example], shots: int, length: int) -> list[str]:
    """One prompt for each intent by a chat model, URL#MODEL or a folder or name for transformers, shown
    `shots` examples of the training corpus."""
    answer = _on_server(where) if where.startswith(("http://", "https://")) else _here(where)
    train = split(load_corpus())[0]
    texts = []
    for number, example in enumerate(examples):
        alike = [each for each in train if each.task is example.task]
        messages = []
        for shot in [*random.Random(number).sample(alike, shots), example]:
            ask = ASK.format(length=length, medium=MEDIA[shot.task])
            messages.append({"role": "user", "content": f"{ask}\n{intent_text(shot.brief(length))}"})
            if shot is not example:
                messages.append({"role": "assistant", "content": shot.prompts[0]})
        texts.append(" ".join(answer(messages).split()))
    return texts


def _on_server(where: str) -> Answer:
    address, _, model = where.partition("#")
    if not model:
        raise ServerError(f"{where}: name the model, as in {where}#MODEL")
    client = connect(address)

    def answer(messages: list) -> str:
        try:
            reply = client.chat.completions.create(model=model, messages=messages, max_tokens=160)
        except OpenAIError as error:
            raise explain(address, error) from error
        return (reply.choices[0].message.content if reply.choices else None) or ""

    return answer


def _here(where: str) -> Answer:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        model = AutoModelForCausalLM.from_pretrained(where, dtype="auto").eval()
    except (OSError, ValueError) as error:
        raise ServerError(f"{where} is no model that transformers can load: {error}") from error

    def answer(messages: list) -> str:
        if tokenizer.chat_template:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        else:  # a model that was never taught to chat goes on with the text
            text = "\n\n".join(message["content"] for message in messages) + "\nPrompt:"
        ids = tokenizer(text, return_tensors="pt", add_special_tokens=not tokenizer.chat_template)
        out = model.generate(**ids, max_new_tokens=100, do_sample=False, pad_token_id=tokenizer.eos_token_id)
        said = str(tokenizer.decode(out[0, ids["input_ids"].size(1) :], skip_special_tokens=True))
        return said if tokenizer.chat_template else said.strip().partition("\n")[0]

    return answer
