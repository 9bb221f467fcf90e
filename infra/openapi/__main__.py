"""Write the OpenAPI description beside the handler that serves it: `make openapi`."""

import json

from infra.openapi.document import openapi_document
from infra.project import PROJECT_FOLDER

DESCRIPTION = PROJECT_FOLDER / "functions/spaces/handlers/routes/openapi.json"

if __name__ == "__main__":
    text = json.dumps(openapi_document(), indent=2, ensure_ascii=False)
    DESCRIPTION.write_text(text + "\n", encoding="utf-8")
