"""LangChain's standard integration tests for chat models; pytest runs this file.

Calls of tools and structured output need a model that is able to do them, and pictures are fetched
from the Internet, so they are left out.
"""

from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests


class TestSpace(ChatModelIntegrationTests):
    @property
    def chat_model_class(self):
        return ChatOpenAI

    @property
    def chat_model_params(self):
        return {"model": "chat"}

    @property
    def has_tool_calling(self):
        return False

    @property
    def has_structured_output(self):
        return False
