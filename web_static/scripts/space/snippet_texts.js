/** The code snippets for the REST API. Each submits and waits in one run, and fails where a call fails. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { pythonValue, shellWord } from "./snippet_values.js";

/**
 * Snippets by title; `write({api, space}, {text, files, params, key})` gives the text. `text` is what to send (null:
 * only files), `files` a file {name, type} or null, `params` values by name. `key` is an API key, "" to take it from
 * the environment, or null where none is needed.
 */
export const SNIPPETS = [
  { title: "curl", write: curl },
  { title: "Python", write: python },
  { title: "JavaScript", write: javascript },
];

const WAIT_SECONDS = 300; // what the redirects that httpx and fetch follow can reach

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

const inputOf = (/** @type {Json} */ { text, params = {} }) => ({ ...(text !== null && { prompt: text }), ...(Object.keys(params).length > 0 && { params }) });

/**
 * @param {Json} address
 * @param {Json} needs
 */
function curl({ api, space }, { files = null, key = null, ...needs }) {
  const auth = key === null ? "" : ` -H "Authorization: Bearer $SPACES_KEY"`;
  const json = `-H 'Content-Type: application/json'`;
  const post = (path) => `curl -sSL --fail-with-body ${api}${path}${auth} ${json} \\`;
  return lines(
    key === null ? null : `export SPACES_KEY=${key === "" ? "wsk_…  # an API key from the space's administrator" : shellWord(key)}\n`,
    files ? curlUpload(post, space, files) : null,
    post(`/spaces/${space}/requests`),
    `  -H 'Prefer: wait=${WAIT_SECONDS}' -d ${curlInput(inputOf(needs), files)}`,
  );
}

function curlInput(input, files) {
  const body = shellWord(stringifyExact({ input }));
  if (!files) return body;
  const open = `'${body.replace(/^'|'$/g, "").replace(/\}\}$/, "")}`;
  const comma = Object.keys(input).length > 0 ? "," : "";
  return `${open}${comma}"files":[{"upload_id":"'$(jq -r .upload_id upload.json)'"}]}}'`;
}

function curlUpload(post, space, { name, type }) {
  const about = stringifyExact({ space, name, content_type: type }).slice(0, -1);
  const file = shellWord(name);
  return lines(
    "# Files go straight to storage: ask for an upload address, then post the file there.",
    post("/uploads"),
    `  -d '${about.replaceAll("'", `'\\''`)},"size":'$(wc -c < ${file})'}' > upload.json`,
    `jq -r '.fields | to_entries[] | "form = \\"\\(.key)=\\(.value)\\""' upload.json |`,
    `  curl -sS --fail-with-body -K - -F file=@${file} "$(jq -r .url upload.json)"`,
    "",
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ api, space }, { files = null, key = null, ...needs }) {
  const input = pythonValue(inputOf(needs));
  const upload = files ? `upload(${JSON.stringify(files.name)}, ${JSON.stringify(files.type)})` : null;
  return lines(
    key === "" ? "import os" : null,
    "import httpx  # pip install httpx",
    "",
    `api = httpx.Client(base_url=${JSON.stringify(api)}, follow_redirects=True, timeout=60${pythonKey(key)})`,
    "",
    files ? pythonUpload(space) : null,
    `body = {"input": ${upload ? `${input} | {"files": [${upload}]}` : input}}`,
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
function javascript({ api, space }, { files = null, key = null, ...needs }) {
  const input = stringifyExact(inputOf(needs));
  return lines(
    `const api = ${JSON.stringify(api)};`,
    `const headers = { "Content-Type": "application/json"${javascriptKey(key)} };`,
    "async function post(path, body, more = {}) {",
    '  const response = await fetch(api + path, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });',
    "  if (!response.ok) throw new Error(await response.text());",
    "  return response.json();",
    "}",
    "",
    files ? javascriptUpload(space, files) : null,
    `const input = ${files ? `{ ...${input}, files: [await upload(file)] }` : input};`,
    `const result = await post("/spaces/${space}/requests", { input }, { Prefer: "wait=${WAIT_SECONDS}" });`,
    "console.log(result.status, result.output ?? result.error);",
  );
}

function javascriptKey(key) {
  if (key === null) return "";
  return `, Authorization: ${key === "" ? '"Bearer " + process.env.SPACES_KEY' : JSON.stringify(`Bearer ${key}`)}`;
}

function javascriptUpload(space, { name, type }) {
  return lines(
    "async function upload(file) {",
    `  const { upload_id, url, fields } = await post("/uploads", { space: "${space}", name: file.name, content_type: file.type, size: file.size });`,
    "  const form = new FormData();",
    "  for (const [name, value] of Object.entries(fields)) form.append(name, value);",
    '  form.append("file", file);',
    '  const stored = await fetch(url, { method: "POST", body: form });',
    "  if (!stored.ok) throw new Error(await stored.text());",
    "  return { upload_id };",
    "}",
    `const content = await (await import("node:fs/promises")).readFile(${JSON.stringify(name)});`,
    `const file = new File([content], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} });`,
    "",
  );
}
