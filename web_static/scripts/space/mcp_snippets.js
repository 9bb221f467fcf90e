/** The configuration for clients of the Model Context Protocol, such as editors and assistants. Pure. */

/** Snippets by title, as those of the REST API; `write({mcp, space}, {key})` gives the text. */
export const MCP_SNIPPETS = [{ title: "MCP", write: configuration }];

// The form that Cursor and others read; docs/mcp.md has those of further clients.
function configuration({ mcp }, { key = null }) {
  const headers = key === null ? {} : { headers: { Authorization: `Bearer ${key === "" ? "wsk_…" : key}` } };
  return JSON.stringify({ mcpServers: { spaces: { url: mcp, ...headers } } }, null, 2);
}
