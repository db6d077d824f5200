# Public services: home, list of procedures, a procedure, the officer's inbox.

home-title = Your errand,
home-title-end = the city's job
home-lead = Find a procedure, apply, pay and receive a digitally signed result, all on your phone.
home-search = Search administrative procedures
home-search-placeholder = For example: birth, marriage
home-suggestions = Often searched:
home-track = Where is my dossier?
home-track-text = Enter the code on your receipt to see its state and the day of the result.
home-track-label = Dossier code
home-track-button = Track
home-verify = Check a result
home-verify-text = Scan the QR code on a paper, or enter its code, to learn whether it is genuine and still valid.
home-verify-button = Verify a paper
home-events = What is happening in your life?
home-popular = Most used procedures
home-all = All procedures
home-fields = By field
home-field-count = { $count ->
    [one] one procedure
   *[other] { $count } procedures
}
home-how = Three steps
home-how-1 = Step 1
    .title = Tell us once
    .text = One question a screen. What the city already knows is filled in; your draft is kept after every step.
home-how-2 = Step 2
    .title = Pay by QR code
    .text = With your banking app or a card. The receipt comes at once, and online applications cost less where the rules say so.
home-how-3 = Step 3
    .title = Receive the result
    .text = Follow every step. The digitally signed result arrives in your account, and anyone can verify it.

procedures-title = Administrative procedures
procedures-by-field = Filter by field
procedures-by-level = Filter by level
procedures-count = { $count ->
    [one] one procedure
   *[other] { $count } procedures
}
procedures-found = { $count ->
    [one] One procedure for “{ $q }”
   *[other] { $count } procedures for “{ $q }”
}
procedures-none = No procedure found
procedures-none-text = Try another word, a shorter one, or type without accents.
procedures-show-all = Show all procedures

procedure-code = Procedure code
procedure-documents = Papers to hand in
procedure-document = Paper
procedure-copies = Number
procedure-legal = Legal basis
procedure-facts = Key facts
procedure-apply = Apply online
procedure-apply-hint = It takes about 10 minutes. You can save and come back later.

inbox-title = Dossiers to handle
inbox-views = Groups of dossiers
inbox-search = Search dossiers
inbox-search-placeholder = Dossier code or applicant's name
inbox-dossier = Dossier
inbox-applicant = Applicant
inbox-state = State
inbox-due = Due
inbox-received = Received
inbox-empty = No dossier is waiting for you
inbox-empty-text = New dossiers will appear here.
