/** The code snippets for a space and what it needs: a prompt, files, a key. Pure. */

/**
 * Snippets by title; `write({api, space}, {prompt, files, key})` gives the text. `files` is an example {name,
 * type}, or null.
 */
export const SNIPPETS = [
  { title: "curl", write: curl },
  { title: "Python", write: python },
  { title: "JavaScript", write: javascript },
];

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

function curl({ api, space }, { prompt, files, key }) {
  const auth = key ? ` -H "Authorization: Bearer $SPACES_KEY"` : "";
  const post = (path) => `curl -s ${api}${path}${auth} -H 'Content-Type: application/json' \\`;
  return lines(
    key ? "# SPACES_KEY is an API key (wsk_…) from the space's administrator.\n" : null,
    files ? curlUpload(post, space, files) : null,
    post(`/spaces/${space}/requests`),
    `  -d '${inputText(prompt, files)}'`,
    "",
    "# The response contains a request_id. Poll until its status is final:",
    `curl -s ${api}/spaces/${space}/requests/REQUEST_ID`,
  );
}

function curlUpload(post, space, { name, type }) {
  return lines(
    "# Files go straight to storage: ask for an upload address, then post the file there.",
    post("/uploads"),
    `  -d '{"space": "${space}", "name": "${name}", "content_type": "${type}", "size": '$(wc -c < ${name})'}' > upload.json`,
    `jq -r '.fields | to_entries[] | "form = \\"\\(.key)=\\(.value)\\""' upload.json |`,
    `  curl -s -K - -F file=@${name} "$(jq -r .url upload.json)"`,
    "",
  );
}

const inputText = (prompt, files) =>
  `{"input": {${[prompt ? '"prompt": "Hello"' : null, files ? `"files": [{"upload_id": "UPLOAD_ID"}]` : null].filter(Boolean).join(", ")}}}`;

function python({ api, space }, { prompt, files, key }) {
  const input = [prompt ? '"prompt": "Hello"' : null, files ? `"files": [upload("${files.name}", "${files.type}")]` : null];
  return lines(
    key ? "import os, time\nimport httpx  # pip install httpx" : "import time\nimport httpx  # pip install httpx",
    "",
    `api = httpx.Client(base_url="${api}"${key ? ', headers={"Authorization": "Bearer " + os.environ["SPACES_KEY"]}' : ""})`,
    "",
    files ? pythonUpload(space) : null,
    `request = api.post("/spaces/${space}/requests", json={"input": {${input.filter(Boolean).join(", ")}}}).raise_for_status().json()`,
    'while request["status"] in ("IN_QUEUE", "IN_PROGRESS"):',
    '    time.sleep(request["retry_after_ms"] / 1000)',
    `    request = api.get("/spaces/${space}/requests/" + request["request_id"]).raise_for_status().json()`,
    'print(request["status"], request["output"] or request["error"])',
  );
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

function javascript({ api, space }, { prompt, files, key }) {
  const input = [prompt ? 'prompt: "Hello"' : null, files ? "files: [await upload(file)]" : null];
  const auth = key ? `, Authorization: \`Bearer \${process.env.SPACES_KEY}\`` : "";
  return lines(
    `const api = "${api}";`,
    `const headers = { "Content-Type": "application/json"${auth} };`,
    "const post = async (path, body) => (await fetch(api + path, { method: \"POST\", headers, body: JSON.stringify(body) })).json();",
    "",
    files ? javascriptUpload(space, files) : null,
    `let request = await post("/spaces/${space}/requests", { input: { ${input.filter(Boolean).join(", ")} } });`,
    'while (["IN_QUEUE", "IN_PROGRESS"].includes(request.status)) {',
    "  await new Promise((resolve) => setTimeout(resolve, request.retry_after_ms));",
    `  request = await (await fetch(\`\${api}/spaces/${space}/requests/\${request.request_id}\`, { headers })).json();`,
    "}",
    "console.log(request.status, request.output ?? request.error);",
  );
}

function javascriptUpload(space, { name, type }) {
  return lines(
    "async function upload(file) {",
    `  const { upload_id, url, fields } = await post("/uploads", { space: "${space}", name: file.name, content_type: file.type, size: file.size });`,
    "  const form = new FormData();",
    "  for (const [name, value] of Object.entries(fields)) form.append(name, value);",
    '  form.append("file", file);',
    '  await fetch(url, { method: "POST", body: form });',
    "  return { upload_id };",
    "}",
    `const file = new File([await (await import("node:fs/promises")).readFile("${name}")], "${name}", { type: "${type}" });`,
    "",
  );
}
