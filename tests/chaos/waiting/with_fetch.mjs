// `Prefer: wait` with Node's fetch; repeats the submit with its key after an error.
import process from "node:process";

const [url, key, seconds] = process.argv.slice(2);
const headers = {
  "Content-Type": "application/json",
  "Idempotency-Key": key,
  Prefer: `wait=${seconds}`,
};
const body = JSON.stringify({ input: { prompt: key } });
for (let attempt = 0; attempt < 10; attempt += 1) {
  const began = Date.now();
  let seen;
  let told = "{}";
  try {
    const response = await fetch(url, { method: "POST", headers, body });
    [seen, told] = [response.status, await response.text()];
  } catch (error) {
    seen = error.name;
  }
  console.log(JSON.stringify([seen, (Date.now() - began) / 1000]));
  if (seen === 200) {
    console.log(told);
    break;
  }
  await new Promise((resolve) => {
    setTimeout(resolve, 1000);
  });
}
