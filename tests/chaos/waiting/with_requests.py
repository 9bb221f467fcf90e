"""``Prefer: wait`` with requests; repeats the submit with its key after an error."""

import json
import sys
import time

import requests

url, key, seconds = sys.argv[1:]
headers = {"Prefer": f"wait={seconds}", "Idempotency-Key": key}
with requests.Session() as http:
    http.trust_env = False
    for _ in range(10):
        began = time.monotonic()
        try:
            response = http.post(url, json={"input": {"prompt": key}}, headers=headers, timeout=40)
            seen, told = response.status_code, response.text
        except requests.RequestException as error:
            seen, told = type(error).__name__, "{}"
        print(json.dumps([seen, round(time.monotonic() - began, 1)]))
        if seen == 200:
            print(told)
            break
        time.sleep(1)
