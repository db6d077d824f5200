# ── The archive ──
services-archived = This dossier was handed to the archive on { $at }. There it can be read, and nothing is done to it any more.
services-destroyed = The papers and the personal data of this dossier were destroyed on { $at } at the end of their term, by { $by }. Its code, the procedure, the agency and the dates are kept.
services-destroyed-name = (destroyed)
services-destroyed-paper = destroyed
