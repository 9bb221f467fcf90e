/** The ways to connect a model, and the command of each. Pure. */
const PLACEHOLDER = "wst_…";

/**
 * The ways; `options` name what people replace by their own.
 * @type {{ name: string, verb: string, options: (features: string[]) => string, file?: { name: string, text: string } }[]}
 */
export const WAYS = [
  { name: "function", verb: "run", options: () => "--function my_model.py:answer", file: { name: "my_model.py", text: 'def answer(prompt: str) -> str:\n    return f"You said: {prompt}"\n' } },
  { name: "openai", verb: "run", options: () => "--openai http://127.0.0.1:11434/v1 --model llama3.2" },
  { name: "http", verb: "run", options: () => "--http http://127.0.0.1:8000/predict" },
  { name: "command", verb: "run", options: (features) => (features.includes("prompt") ? '--command "python predict.py {prompt_file}"' : '--command "python predict.py {file}"') },
  { name: "mock", verb: "mock-app", options: () => "" },
];

export const INSTALL = "pip install spaces-worker";

/** The full command; without a token, a placeholder stands in its place. */
export function commandOf({ verb, options }, { space, features, url, token }) {
  const worker = `spaces-worker ${verb} --url ${url} --spaces ${space} ${options(features)}`.trimEnd();
  return `SPACES_TOKEN=${token ?? PLACEHOLDER} ${worker}`;
}
