# Notices in the app and by e-mail.

notices-new = New
notices-read-all = Mark all as read
notices-mark = Mark as read
notices-open = See details
notices-none = No notices yet
notices-none-text = When something changes in your dossiers, you are told here.

notices-mailbox = Simulated mailbox
notices-simulated = Simulated data
notices-mailbox-text = In the demonstration, letters are not sent but laid here for everyone to see. The people they go to are not real.
notices-mailbox-none = No letters yet
notices-mailbox-none-text = A letter appears here when the system tells a simulated person something.
notices-from = From
notices-to = To
notices-date = Time
notices-state = State
notices-state-waiting = Waiting
notices-state-sent = Sent
notices-state-failed = Could not be sent
notices-raw = Download the original letter (.eml)

notices-mail-demo = this letter belongs to a demonstration and has no effect.
notices-mail-greeting = Dear { $name },
notices-mail-link = See details at:
notices-mail-regards = Kind regards,
notices-mail-automatic = This letter was sent automatically; please do not reply.
notices-mail-hotline = For help, call { $phone }.
