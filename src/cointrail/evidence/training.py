"""A training key and three notices for the worked example of lesson 1.3: signed, changed afterwards, not signed."""

__all__ = ["TRAINING_KEY", "TRAINING_NOTICES"]

TRAINING_KEY = """\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mQAzBGmTr4AWCSsGAQQB2kcPAQEHQOJ996kUxpLXf9WsY4VIsjnykyFCgPbyvzi1
Cenh3nLRtQAgdHJhaW5pbmcgPHRyYWluaW5nQG1haWwuZXhhbXBsZT6JAHsEExYI
ACMWIQQRt1Nw4vcOP814MHCcpN6LLZIycQUCaZOvgAIbAwIVCAAKCRCcpN6LLZIy
cVLSAQCNVsC5BSyG9LwjuXPOfIBvLTh5i2b7SFLFq/1fAVKPQAD5AfjXFij9822+
PvJ16yyiJUNFsVrMYtMT3sCxCfS3XQc=
=rbMO
-----END PGP PUBLIC KEY BLOCK-----
"""

_SIGNED = """\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

I sell under this name only. March 2026.
-----BEGIN PGP SIGNATURE-----

iQB1BAEWCAAdFiEEEbdTcOL3Dj/NeDBwnKTeiy2SMnEFAmmuDYAACgkQnKTeiy2S
MnFoggEAgdIGTYPYMqbZSlDNChN/0I8awHI9dvFkMfDzrub/EKEBAKzkTx2hVIYZ
fwykgaVM3mquOVsqGBfhe7jUh3SXJhMB
=cDmI
-----END PGP SIGNATURE-----
"""

# What a notice on a page may be: as signed, changed after signing, or never signed.
TRAINING_NOTICES = {
    "T1": _SIGNED,
    "T2": _SIGNED.replace("this name only", "this name, and two more"),
    "T3": "I sell under this name only. April 2026.\n",
}
