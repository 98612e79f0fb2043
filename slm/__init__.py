"""The small language model, in order of data flow: command, corpus, teacher, tokenizer, data, model,
checkpoint, train, generate, evaluate."""
