"""Signatures at dates to come, judged by pyHanko alone: after the certificates have ended, and after a revocation.

An example program of the documents crate signs papers, lets years go by, and writes what a verifier would hold at each
moment: the paper, the city's root certificate, and the revocation lists published then. pyHanko validates at that moment
(ETSI EN 319 102-1, 5.6.3) with nothing else at hand, and without a network. Whether a paper has to hold stands in the
case; one that must not hold and does is a failure too.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # what the scripts of this folder share

import time_machine
from asn1crypto import crl, pem, x509
from checks import Checks
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import EmbeddedPdfSignature, ades
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import time_slide
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

PROJECT = Path(__file__).parents[3]


def certificate(folder: Path) -> x509.Certificate:
    _, _, der = pem.unarmor((folder / "root.pem").read_bytes())
    return x509.Certificate.load(der)


def revocation_list(folder: Path, name: str) -> crl.CertificateList:
    return crl.CertificateList.load((folder / name).read_bytes())


def specification(folder: Path, lists: list[str]) -> PdfSignatureValidationSpec:
    """The city's root is trusted, every certificate needs proof that it was not revoked, nothing is fetched."""
    known = [CRLContainer(revocation_list(folder, name)) for name in lists]
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=[CertTrustAnchor(certificate(folder))]),
                revinfo_policy=CertRevTrustPolicy(
                    # As `pyhanko sign adesverify` does.
                    REQUIRE_REVINFO,
                    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
                ),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(known_crls=known),
        )
    )


def correct_pyhanko(root: x509.Certificate) -> None:
    """Two rules that pyHanko 0.38 lacks where a certificate has long ended; each is needed by the case of a renewed paper.

    1. A list says nothing of certificates that had ended when it was made (RFC 5280, 3.3; none of the city's lists carries
       expiredCertsOnCRL). pyHanko takes the newest list of an issuer all the same: a list of today would prove a
       certificate of long ago to be good today, where it has ended, and so hide what the older lists in the paper prove.
    2. The lists of a certificate are searched in a path that begins at its issuer. Unless that is the root, pyHanko then
       finds no path for the issuer of the list, and hence no list for any certificate below an intermediate authority.
    """
    relevant_lists = time_slide.collect_relevant_crls_with_paths
    gather = ades.ades_gather_prima_facie_revinfo

    async def lists_of_its_time(cert, *args, **kwargs):
        found = await relevant_lists(cert, *args, **kwargs)
        said = [entry for entry in found.crls if entry.crl.issuance_date <= cert.not_valid_after]
        return dataclasses.replace(found, crls=said)

    async def gather_from_the_root(path, **kwargs):
        issuer = path.trust_anchor.authority.certificate
        if not issuer.self_issued and issuer.issuer == root.subject:
            path = ValidationPath(CertTrustAnchor(root), [issuer], path.leaf)
        return await gather(path=path, **kwargs)

    time_slide.collect_relevant_crls_with_paths = lists_of_its_time
    ades.ades_gather_prima_facie_revinfo = gather_from_the_root


def judge(folder: Path, case: dict) -> str:
    """What pyHanko says of the paper at that moment: `PASSED`, or why not."""
    moment = datetime.datetime.fromisoformat(case["moment"].replace("Z", "+00:00"))
    lists = case["lists"]
    with (folder / case["file"]).open("rb") as file:
        reader = PdfFileReader(file)
        signature = reader.embedded_regular_signatures[0]
        # The verifier's clock stands at the moment: what it has in hand exists since then, as far as it knows.
        with time_machine.travel(moment, tick=False):
            result = asyncio.run(ades_lta_validation(signature, specification(folder, list(lists.values()))))
        if result.ades_subindic != AdESPassed.OK:
            return f"{result.ades_subindic}: {result.failure_msg}"
        if not (result.api_status.intact and result.api_status.valid):
            return "the paper was changed"
        return judge_signer(folder, reader, signature, lists)


def judge_signer(folder: Path, reader: PdfFileReader, signature: EmbeddedPdfSignature, lists: dict) -> str:
    """Whether any list, in the paper or published, says that the signer was revoked before the proven time.

    pyHanko 0.38 passes over the revocation of a certificate that has ended since, so the lists are read once more.
    """
    token = next(extract_tst_data_iter(signature.signer_info, signed=False))
    stamped = token["encap_content_info"]["content"].parsed["gen_time"].native
    kept = [crl.CertificateList.load(item.get_object().data) for item in DocumentSecurityStore.read_dss(reader).crls]
    for known in kept + [revocation_list(folder, name) for name in lists.values()]:
        said = known["tbs_cert_list"]
        for entry in said["revoked_certificates"] or []:
            is_signer = entry["user_certificate"].native == signature.signer_cert.serial_number
            if is_signer and said["issuer"] == signature.signer_cert.issuer:
                if entry["revocation_date"].native <= stamped:
                    return f"the signer was revoked at {entry['revocation_date'].native}, before it signed at {stamped}"
    return "PASSED"


def judge_changed(folder: Path, case: dict) -> str:
    """The same of a paper with one byte of its content changed."""
    data = bytearray((folder / case["file"]).read_bytes())
    data[data.index(b"stream") + 60] ^= 1
    (folder / "changed.pdf").write_bytes(data)
    try:
        return judge(folder, case | {"file": "changed.pdf"})
    except PdfReadError as error:
        return f"unreadable: {error}"


def main() -> int:
    logging.disable(logging.CRITICAL)  # pyHanko writes a trace for each verdict that is no
    checks = Checks()
    with tempfile.TemporaryDirectory() as given:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(given)
        if len(sys.argv) == 1:
            # Built with the tests: alone it would be compiled, with all that it needs, for other features.
            program = Path(os.environ["SONGHAN_BIN"]).parent / "examples" / "later"
            done = subprocess.run([program, given], cwd=PROJECT, capture_output=True, text=True, check=False)
            if not checks.that("years go by", done.returncode == 0, done.stderr[-2000:]):
                return checks.end()
        cases = json.loads((folder / "cases.json").read_text())
        correct_pyhanko(certificate(folder))
        for case in cases:
            verdict = judge(folder, case)
            wanted = "holds" if case["holds"] else "does not hold"
            checks.that(f"{case['about']}: it {wanted}", (verdict == "PASSED") == case["holds"], verdict)
        for case in cases:
            if case["holds"]:
                verdict = judge_changed(folder, case)
                checks.that(f"{case['about']}: a changed byte is found", verdict != "PASSED", verdict)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
