"""The same answers for programs that speak to OpenAI: models and chat completions, below `/v1`."""
