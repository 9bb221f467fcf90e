"""LangChain: invoke and stream."""

import json
import sys

from langchain_openai import ChatOpenAI

model = ChatOpenAI(model=sys.argv[1])
whole = model.invoke("hi")
pieces = list(model.stream("hi"))
joined = pieces[0]
for piece in pieces[1:]:
    joined += piece
print(
    json.dumps(
        {
            "whole": whole.content,
            "usage": whole.usage_metadata["total_tokens"],
            "pieces": [piece.content for piece in pieces],
            "finish": joined.response_metadata["finish_reason"],
            "streamed_usage": (joined.usage_metadata or {}).get("total_tokens"),
        }
    )
)
