"""What schemathesis is told beside the document.

The document's examples name a dossier, a charge and so on that no city has. Here they are replaced by some of this
city's, so that the examples reach what an operation answers when all is well. `SONGHAN_EXAMPLES` holds them as JSON:
`{"operation id": {"parameter": value, "body": value}}`.
"""

import hashlib
import hmac
import json
import os
import time

import schemathesis
from requests.auth import AuthBase

from city import BANK_SECRET

EXAMPLES = json.loads(os.environ["SONGHAN_EXAMPLES"])


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path in raw_schema["paths"].values():
        for operation in path.values():
            given = EXAMPLES.get(operation["operationId"], {})
            for parameter in operation.get("parameters", []):
                if parameter["name"] in given:
                    parameter["example"] = given[parameter["name"]]
            if "body" in given:
                content = operation["requestBody"]["content"]["application/json"]
                name = content["schema"]["$ref"].rsplit("/", 1)[1]
                raw_schema["components"]["schemas"][name]["example"] = content["example"] = given["body"]


class Bank(AuthBase):
    """Signs what is sent as the bank would: else nothing is found behind the signature."""

    def __call__(self, request):
        if not {"X-Bank-Timestamp", "X-Bank-Signature"} <= request.headers.keys():
            return request  # left out on purpose
        body, now = request.body or b"", str(int(time.time()))
        body = body.encode() if isinstance(body, str) else body
        signed = hmac.new(BANK_SECRET, now.encode() + b"." + body, hashlib.sha256).hexdigest()
        request.headers["X-Bank-Timestamp"], request.headers["X-Bank-Signature"] = now, signed
        return request


class Spare(AuthBase):
    """Someone else: the one who asks would end the session that the rest of the questions need."""

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {os.environ['SONGHAN_SPARE_TOKEN']}"
        return request


schemathesis.auth.set_from_requests(Bank()).apply_to(path="/api/v1/payments/bank-notifications")
schemathesis.auth.set_from_requests(Spare()).apply_to(method="DELETE", path="/api/v1/sessions/{id}")
