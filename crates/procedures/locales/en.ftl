# Procedures: home, the catalogue, the page of each.

services-menu-procedures = Procedures

# ── Home ──
services-home-description = Find administrative procedures, apply online, follow your dossier and receive digitally signed results.
services-home-title = Your errand,
services-home-title-end = the city's job
services-home-lead = Find a procedure, apply, pay and receive a digitally signed result, all on your phone.
services-home-search = Search administrative procedures
services-home-search-placeholder = For example: birth, marriage
services-home-suggestions = Often searched:
services-home-track = Where is my dossier?
services-home-track-text = Enter the code on your receipt to see its state and the day of the result.
services-home-track-label = Dossier code
services-home-track-button = Track
services-home-verify = Check a result
services-home-verify-text = Scan the QR code on a paper, or enter its code, to learn whether it is genuine and still valid.
services-home-verify-button = Verify a paper
services-home-popular = Most used procedures
services-home-all = All procedures
services-home-fields = By field
services-home-field-count = { $count ->
    [one] one procedure
   *[other] { $count } procedures
}
services-home-how = Three steps
services-home-how-1 = Step 1
    .title = Tell us once
    .text = One question a screen. What your account knows is filled in; your draft is kept after every step.
services-home-how-2 = Step 2
    .title = Pay by QR code
    .text = With your banking app or a card. Your dossier shows the payment as soon as the money arrives.
services-home-how-3 = Step 3
    .title = Receive the result
    .text = Follow every step. The digitally signed result arrives in your account, and anyone can verify it.

# ── List of procedures ──
services-procedures-title = Administrative procedures
services-procedures-description = The city's administrative procedures: papers, deadlines, fees and how to apply.
services-procedures-by-field = Filter by field
services-procedures-by-level = Filter by level
services-procedures-count = { $count ->
    [one] one procedure
   *[other] { $count } procedures
}
services-procedures-found = { $count ->
    [one] One procedure for “{ $q }”
   *[other] { $count } procedures for “{ $q }”
}
services-procedures-none = No procedure found
services-procedures-none-text = Try another word, a shorter one, or take a filter away. You can type without accents.
services-procedures-show-all = Show all procedures
services-all-fields = All fields
services-all-levels = All levels

# ── A procedure ──
services-procedure-description = { $title }: papers, deadline, fee and how to apply.
services-procedure-code = Procedure code
services-procedure-documents = Papers to hand in
services-procedure-document = Paper
services-procedure-copies = Number
services-procedure-legal = Legal basis
services-procedure-article = article { $article }
services-procedure-facts = Key facts
services-procedure-untranslated = The guidance for this procedure is in Vietnamese only.
services-procedure-apply = Apply online
services-procedure-apply-hint = It takes about 10 minutes. You can save and come back later.
services-procedure-resume = Continue your application
services-procedure-resume-hint = Your draft is still here.
services-counter-title = Apply in person
services-counter-text = This procedure does not take applications online yet. Hand it in at the one-stop counter of { $agency }.
services-counter-all = { $count ->
    [one] Address of the place that takes it
   *[other] Addresses of the { $count } places that take it
}
services-counter-opens = Online applications open on { $day }.
services-originals = Originals: { $count }
services-copies = Copies: { $count }
services-fact-deadline = Deadline
services-fact-deadline-hint = From the day the dossier is accepted
services-fact-fee = Fees
services-fact-agency = Handled by
services-fact-agency-choice = You choose the ward or commune when applying
services-fact-result = Result
services-fact-result-hint = Electronic, digitally signed
services-fact-applicants = For
services-fee-none = Free of charge
services-fee-some = Fee
services-fee-per-dossier = { $amount } per dossier
services-fee-per-copy = { $amount } per copy
services-applicant-citizen = Vietnamese citizens
services-applicant-overseas = overseas Vietnamese
services-applicant-foreigner = foreigners
services-applicant-organisation = organisations
services-applicant-enterprise = enterprises
services-term-days = { $amount } working days
services-term-days-one = 1 working day
services-term-hours = { $amount } working hours
services-term-hours-one = 1 working hour
services-term-calendar-days = { $amount } days
services-term-calendar-days-one = 1 day
services-term-months = { $amount } months
services-term-months-one = 1 month
services-agency-city = City People's Committee
services-agency-department = City departments
services-agency-commune = People's Committee of a ward, commune or special zone
services-agency-ward = People's Committee of a ward
services-agency-special-zone = People's Committee of the special zone
services-agency-centre = Public Administration Service Centre

# ── Exemptions, channels, steps, life events ──
services-fee-per-page = { $amount } per page
services-fee-step-page = from page { $from }: { $amount } per page
services-fee-step-copy = from copy { $from }: { $amount } per copy
services-fee-max-page = at most { $amount } per copy
services-fee-max-copy = at most { $amount } per dossier
services-fee-from = From { $day }
services-fee-online = { $amount } when applying online
services-fact-exempt = Exempt from fees
services-fact-exempt-value = These groups pay nothing
services-channel-counter = at the counter
services-channel-online = online
services-channel-post = by post
services-fact-behalf = You may apply for { $whom }
services-behalf-child = your child
services-behalf-ward = your ward
services-behalf-household = your household
services-behalf-authorised = someone who has authorised you
services-applicant-business = enterprises
services-applicant-household_business = household businesses
services-procedure-stages = Time for each step
services-procedure-stage = Step
services-procedure-within = At most
services-procedure-source = Source: { $source }
services-home-events = Life events
services-home-events-text = You need not know what a procedure is called: choose what is happening.

# ── Procedures imported from the national catalogue ──
services-procedures-more = More filters: service level, level of government, applicants
services-procedures-by-tier = By level of government
services-procedures-by-who = By who may apply
services-procedures-page = Page { $page } of { $pages }
services-all-tiers = All levels of government
services-all-applicants = Everyone
services-tier-commune = Ward or commune
services-tier-province = City
services-tier-central = Ministry
services-tier-other = Other agencies
services-applicant-official = public servants
services-applicant-cooperative = cooperatives
services-agency-unknown = The competent agency
services-paper-form = form { $form }
services-fact-deadline-below = Depends on the case; see the channels below
services-national-badge = From the national database of procedures
services-national-page = See it on the National Public Service Portal
services-national-channels = How to hand it in
services-national-steps = Steps
services-national-conditions = Conditions
services-national-description = Description
services-national-unsaid = No information
services-national-disputed = The description has the same number in another unit. Ask the agency before you rely on it.
services-channel-name-online = Online
services-channel-name-counter = At the counter
services-channel-name-post = By post
services-elsewhere-title = The city does not handle this procedure
services-elsewhere-text = It is handled by { $agency }. This page is for information; how to apply stands below.
services-version-earlier = This is an earlier version
services-version-earlier-text = In force from { $since } until before { $until }.
services-version-current = See the version in force
services-versions = Versions ({ $count })
services-changes-title = What changed
services-changes-link = Which procedures changed lately?
services-changes-lead = New and changed procedures of the national database. A dossier keeps the version it was handed in under.
services-changes-none = Nothing has changed yet
services-changes-none-text = When the national database changes a procedure, it stands here.
services-changes-feed = Follow by Atom
services-changes-first = First import
services-changes-new = New procedure
services-changes-changed = Changed
services-change-before = Before:
services-change-after = Now:
services-change-title = Name
services-change-deadline = Deadline
services-change-fee = Fees
services-change-papers = Papers
services-change-applicants = Who may apply
services-change-agency = Agency
services-change-level = Level of government
services-change-field = Field
services-change-results = Results
services-change-laws = Legal basis
services-change-steps = Steps
services-change-conditions = Conditions
services-change-channels = Channels
services-change-other = Other details
