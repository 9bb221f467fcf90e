/** The calls of this page as code for this space. */
import { copyButton } from "./copy_button.js";
import { h } from "./dom.js";
import { t } from "./text.js";

const curl = (address) => `curl -s ${address}/requests \\
  -H 'Content-Type: application/json' \\
  -d '{"input": {"prompt": "Hello"}}'

# The answer names a request_id; ask until its status is an end:
curl -s ${address}/requests/REQUEST_ID`;

const python = (address) => `import json, time, urllib.request

SPACE = "${address}"

def call(path, body=None):
    data = json.dumps(body).encode() if body else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(SPACE + path, data, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

request = call("/requests", {"input": {"prompt": "Hello"}})
while request["status"] in ("IN_QUEUE", "IN_PROGRESS"):
    time.sleep(request["retry_after_ms"] / 1000)
    request = call("/requests/" + request["request_id"])
print(request["status"], request["output"] or request["error"])`;

/** Fill both snippets for a space. */
export function mountSnippets({ curlRoot, pythonRoot }, space, origin = location.origin) {
  const address = `${origin}/v1/spaces/${encodeURIComponent(space)}`;
  fill(curlRoot, "curl", curl(address));
  fill(pythonRoot, "Python", python(address));
}

function fill(root, name, code) {
  const copy = copyButton(() => code, t("code.copy_named", { name }));
  const head = h("div", { class: "snippet-head" }, h("h3", {}, name), copy);
  root.replaceChildren(head, h("pre", { tabindex: "0" }, h("code", {}, code)));
}
