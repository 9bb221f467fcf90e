/** The code snippets for the REST API. Each submits and waits in one run, and fails where a call fails. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { curlWith, pythonValue, shellQuoted, shellWord } from "./snippet_values.js";

/**
 * Snippets by title; `write({api, space}, {text, files, params, call, endpoint, key})` gives the text. `text` is what to
 * send (null: only files), `files` a list of {name, type}, `params` values by name, and `call` the body of a whole call
 * to an endpoint, which stands in place of the others. `key` is an API key, "" to take it from the environment, or null where none is
 * needed.
 */
export const SNIPPETS = [
  { title: "curl", write: curl },
  { title: "Python", write: python },
  { title: "JavaScript", write: javascript },
];

const WAIT_SECONDS = 300; // what the redirects that httpx and fetch follow can reach

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

/** @param {Json} needs */
function inputOf({ text, params = {}, call = null, endpoint = "chat.completions" }) {
  if (call) return { call: { endpoint, body: call } };
  return { ...(text !== null && { prompt: text }), ...(Object.keys(params).length > 0 && { params }) };
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function curl({ api, space }, { files = [], key = null, ...needs }) {
  const post = (path) => `curl -sSL --fail-with-body ${api}${path}${key === null ? "" : ` -H "Authorization: Bearer $SPACES_KEY"`} -H 'Content-Type: application/json'`;
  const submit = `${post(`/spaces/${space}/requests`)} \\\n  -H 'Prefer: wait=${WAIT_SECONDS}'`;
  return lines(
    key === null ? null : `export SPACES_KEY=${key === "" ? "wsk_…  # an API key from the space's administrator" : shellWord(key)}\n`,
    files.length > 0 ? curlUpload(post("/uploads"), space) : null,
    files.length > 0 ? curlSubmit(submit, inputOf(needs), files) : curlWith(submit, stringifyExact({ input: inputOf(needs) })),
  );
}

function curlUpload(post, space) {
  return lines(
    "# Files go straight to storage: ask for an upload address, then post the file there.",
    "upload() {",
    `  jq -nc --arg name "$1" --arg type "$2" --argjson size "$(wc -c < "$1")" \\`,
    `    '{space: "${space}", name: $name, content_type: $type, size: $size}' |`,
    `    ${post} -d @- > upload.json`,
    `  jq -r '.fields | to_entries[] | "form = \\"\\(.key)=\\(.value)\\""' upload.json |`,
    `    curl -sS --fail-with-body -K - -F file=@"$1" "$(jq -r .url upload.json)"`,
    "  jq -c '{upload_id}' upload.json",
    "}",
  );
}

function curlSubmit(submit, input, files) {
  const uploads = files.map(({ name, type }, index) => `file${index + 1}=$(upload ${shellWord(name)} ${shellWord(type)})`);
  const beginning = stringifyExact({ input: { ...input, files: [] } }).slice(0, -"]}}".length);
  const names = files.map((_, index) => `$file${index + 1}`).join(",");
  return lines(...uploads, `${submit} -d ${shellQuoted(beginning)}"${names}"']}}'`);
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ api, space }, { files = [], key = null, ...needs }) {
  const input = pythonValue(inputOf(needs));
  const uploads = files.map(({ name, type }) => `upload(${JSON.stringify(name)}, ${JSON.stringify(type)})`);
  return lines(
    key === "" ? "import os" : null,
    "import httpx  # pip install httpx",
    "",
    `api = httpx.Client(base_url=${JSON.stringify(api)}, follow_redirects=True, timeout=60${pythonKey(key)})`,
    "",
    files.length > 0 ? pythonUpload(space) : null,
    files.length > 0 ? `files = [${uploads.join(", ")}]` : null,
    `body = {"input": ${files.length > 0 ? `${input} | {"files": files}` : input}}`,
    `wait = {"Prefer": "wait=${WAIT_SECONDS}"}`,
    `response = api.post("/spaces/${space}/requests", json=body, headers=wait)`,
    "if response.is_error:",
    "    raise SystemExit(response.text)",
    "result = response.json()",
    'print(result["status"], result.get("output") or result.get("error"))',
  );
}

function pythonKey(key) {
  if (key === null) return "";
  const bearer = key === "" ? '"Bearer " + os.environ["SPACES_KEY"]' : JSON.stringify(`Bearer ${key}`);
  return `, headers={"Authorization": ${bearer}}`;
}

function pythonUpload(space) {
  return lines(
    "def upload(path, content_type):",
    '    content = open(path, "rb").read()',
    `    about = {"space": "${space}", "name": path, "content_type": content_type, "size": len(content)}`,
    '    target = api.post("/uploads", json=about).raise_for_status().json()',
    '    httpx.post(target["url"], data=target["fields"], files={"file": content}).raise_for_status()',
    '    return {"upload_id": target["upload_id"]}',
    "",
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function javascript({ api, space }, { files = [], key = null, ...needs }) {
  const input = stringifyExact(inputOf(needs));
  const uploads = files.map(({ name, type }) => `await upload(${JSON.stringify(name)}, ${JSON.stringify(type)})`);
  return lines(
    `const api = ${JSON.stringify(api)};`,
    `const headers = { "Content-Type": "application/json"${javascriptKey(key)} };`,
    "async function post(path, body, more = {}) {",
    '  const response = await fetch(api + path, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });',
    "  if (!response.ok) throw new Error(await response.text());",
    "  return response.json();",
    "}",
    "",
    files.length > 0 ? javascriptUpload(space) : null,
    files.length > 0 ? `const files = [${uploads.join(", ")}];` : null,
    `const input = ${files.length > 0 ? `{ ...${input}, files }` : input};`,
    `const result = await post("/spaces/${space}/requests", { input }, { Prefer: "wait=${WAIT_SECONDS}" });`,
    "console.log(result.status, JSON.stringify(result.output ?? result.error, null, 2));",
  );
}

function javascriptKey(key) {
  if (key === null) return "";
  return `, Authorization: ${key === "" ? '"Bearer " + process.env.SPACES_KEY' : JSON.stringify(`Bearer ${key}`)}`;
}

function javascriptUpload(space) {
  return lines(
    "async function upload(name, type) {",
    '  const content = await (await import("node:fs/promises")).readFile(name);',
    "  const file = new File([content], name, { type });",
    `  const { upload_id, url, fields } = await post("/uploads", { space: "${space}", name, content_type: type, size: file.size });`,
    "  const form = new FormData();",
    "  for (const [field, value] of Object.entries(fields)) form.append(field, value);",
    '  form.append("file", file);',
    '  const stored = await fetch(url, { method: "POST", body: form });',
    "  if (!stored.ok) throw new Error(await stored.text());",
    "  return { upload_id };",
    "}",
  );
}
