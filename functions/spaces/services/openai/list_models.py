"""Shows spaces as models."""

from typing import Any

from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.openai.plain_answers import model_object
from spaces.domain.space_names import natural_order
from spaces.domain.visibility import may_use
from spaces.services.access.find_space import find_space
from spaces.services.ports.gateway import Gateway


def list_models(gateway: Gateway, caller: Caller) -> dict[str, Any]:
    """Return the spaces that the caller may use and that accept requests, by name.

    Only their definitions are looked at, so that it takes no longer while workers are away.
    """
    kinds = ("public",) if isinstance(caller, Anonymous) else ("public", "members", "private")
    found = [space.definition for space in gateway.spaces.list_kinds(kinds).spaces]
    found = [each for each in found if may_use(each, caller)]
    found = [each for each in found if not (each.deleting or each.disabled)]
    found.sort(key=lambda each: natural_order(each.space_id))
    return {"object": "list", "data": [model_object(each) for each in found]}


def view_model(gateway: Gateway, model: str, caller: Caller) -> dict[str, Any]:
    """Return one space as a model.

    Raises:
        UnknownSpace: It does not exist or is hidden from the caller.
    """
    return model_object(find_space(gateway, model, caller).definition)
