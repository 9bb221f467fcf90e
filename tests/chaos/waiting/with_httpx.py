"""``Prefer: wait`` with httpx; repeats the submit with its key after an error."""

import json
import sys
import time

import httpx

url, key, seconds = sys.argv[1:]
headers = {"Prefer": f"wait={seconds}", "Idempotency-Key": key}
with httpx.Client(trust_env=False, timeout=40, follow_redirects=True) as http:
    for _ in range(10):
        began = time.monotonic()
        try:
            response = http.post(url, json={"input": {"prompt": key}}, headers=headers)
            seen, told = response.status_code, response.text
        except httpx.HTTPError as error:
            seen, told = type(error).__name__, "{}"
        print(json.dumps([seen, round(time.monotonic() - began, 1)]))
        if seen == 200:
            print(told)
            break
        time.sleep(1)
