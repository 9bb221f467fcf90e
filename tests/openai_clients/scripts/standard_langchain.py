"""LangChain's standard integration tests for chat models; pytest runs this file.

The pictures and recordings of the tests are fetched from the Internet, so they are left out.
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
    def supports_json_mode(self):
        return True
