# Public services: the residents' pages. Those of the office have a file of their own.

services-menu-track = Track a dossier
services-menu-own = My dossiers
services-menu-verify = Verify a paper
services-menu-api = API for programmers

# ── A procedure ──
services-procedure = Procedure
services-procedure-gone = This procedure is no longer in force

# ── Applying ──
services-back = Back
services-continue = Continue
services-leave = Save and leave
services-save-change = Save the change
services-known = Filled in from your account. Please check it and correct it if needed.
services-resumed = You are continuing the draft saved at { $at }
services-resumed-again = Discard this draft and start again
services-unit = Handled by
services-unit-title = Which ward or commune shall handle it?
services-unit-hint = Choose it as the procedure's guidance says.
services-unit-suggested = The one where you live is chosen. You may take another where the procedure allows it.
services-unit-wrong = Choose who shall handle the dossier
services-total = Total
services-no-deadline = None is set
services-submit = Hand in
services-review-title = Check before you hand in
services-review-lead = Read each line again. Where something is wrong, use “Change” beside it.
services-review-unit = Place and deadline
services-review-pay-later = You pay right after handing in. The dossier is accepted once the fee is paid.
services-review-pledge = By handing this in I, { $name }, declare that what I have stated is true and that I answer for it before the law.
services-review-refused = The dossier was not handed in
services-review-changed = The draft was just changed in another window. Read it again below, then hand it in.
services-review-answers = Some answers no longer fit. Check the lines below.
services-review-uploads = One of the files cannot be used any more. Take it away and attach it again.
services-review-day-full = The place you chose has no numbers left today. Your draft is kept; hand it in again tomorrow.
services-delete = Delete
services-delete-title = Delete this draft?
services-delete-again-title = Discard the draft and start again?
services-delete-text = What you have filled in will be lost for good.
services-delete-again = Discard and start again
services-delete-keep = Keep the draft
services-draft-updated = Last saved
services-draft-saved = Saved at { $at }
services-draft-kept-until = kept until { $day }
services-draft-continue = Continue
services-stopped-gone-title = Draft not found
services-stopped-gone-text = It may have been handed in or deleted, or nobody touched it for 90 days. Look in the list of your dossiers.
services-stopped-closed-title = This procedure no longer takes applications online
services-stopped-closed-text = The procedure has changed since you began your draft, so it cannot be handed in online. Its page says where to go and what to bring; your draft is kept.
services-stopped-procedure = Open the procedure's page

# ── My dossiers ──
services-own-title = My dossiers
services-own-new = New application
services-own-drafts = Drafts
services-own-dossiers = Handed in
services-own-none = No dossiers yet
services-own-none-text = What you hand in and the drafts you keep will appear here.
services-own-none-action = Find a procedure
services-received = Handed in at { $at }
services-said-saved = Your draft is saved. You can continue at any time.
services-said-deleted = The draft is deleted
services-said-too-many = You have too many drafts. Hand in or delete one before you begin another.
services-said-done = Sent. The dossier is up to date.
services-said-changed = The dossier has just changed, so this can no longer be done. Below is how it stands now.

# ── Just handed in ──
services-submitted-title = Your dossier is handed in
services-submitted-next = What comes next
services-submitted-next-pay = Pay the fee. The dossier is accepted once it is paid.
services-submitted-next-check = An officer checks the dossier and accepts it, or tells you what is missing.
services-submitted-next-notice = You hear of every change under Notices and by e-mail.
services-submitted-next-result = The result appears on the dossier's page.
services-submitted-open = Open the dossier
services-submitted-track = Follow it
services-submitted-track-text = Scan this code, or enter the dossier's code under Track a dossier. No account is needed.
services-submitted-qr = QR code that leads to the tracking page of dossier { $code }
services-submitted-key = Tracking key
services-submitted-key-text = The QR code holds the tracking key: whoever scans it sees the applicant's name. The key is shown only here; keep it to yourself.

# ── A dossier ──
services-dossier = Dossier
services-dossier-code = Dossier code
services-dossier-about = About this dossier
services-dossier-received = Handed in
services-dossier-due = Result due
services-dossier-closed = Ended
services-dossier-applicant = Applicant
services-due-by = Due { $at }
services-due-late = Was due { $at }
services-due-paused = The clock is paused
services-due-done = Finished { $at }
services-put-off = Put off: the result is due by { $at }
services-put-off-step = The day was put off
services-put-off-text = We are sorry that the dossier is not ready on the day promised. The reason:
services-due-ended = Ended { $at }
services-again = Prepare and hand in again
services-again-text = Put right what is said above and hand it in again. The hotline 1022 helps.
services-now-pay = Pay the fee so that the dossier can be accepted.
services-now-1 = The dossier has arrived and waits for an officer to check it.
services-now-2 = The dossier is accepted. The clock is running.
services-now-3 = The dossier was not accepted. The reason stands among the messages; you may apply again.
services-now-4 = An officer is working on it. There is nothing you need to do.
services-now-5 = The dossier waits for more papers from you. The time until then does not count.
services-now-6 = The dossier waits for your payment. The time until then does not count.
services-now-7 = The dossier was withdrawn by its applicant.
services-now-8 = Work on the dossier was stopped.
services-now-9 = The result is there.
services-now-10 = The result was handed over. The dossier is complete.
services-result-title = Your result
services-result-text = An electronic document with a digital signature, as good as the one on paper.
services-result-number = No. { $number }
services-result-download = Download the result (PDF)
services-result-verify = Verification page of this document
services-receipt-download = Receipt (PDF)
services-pay-title = Fee to pay
services-pay-text = Scan the QR code with your banking app, or pay by card or wallet.
services-pay-button = Pay
services-charge-due = Not paid yet
services-charge-paid = Paid
services-charge-waived = Waived
services-charge-refunded = To be refunded
services-charge-cancelled = Nothing to pay
services-timeline = Progress
services-timeline-due = Result due
services-messages = Messages
services-papers = Papers handed in
services-answers = What you stated
services-actor-system = System
services-step-open = Handed in
services-step-take = Taken
services-step-assign = Assigned
services-step-unassign = Handed back

services-action-asked = What the office asks for
services-action-ends = The dossier will end and nobody works on it any more. A fee that was paid is refunded by the rules.
services-action-files = More papers
services-action-files-hint = Clear photos or PDF files. You can choose several at once.
services-action-files-wrong = One of the files cannot be used. Take it away and attach it again.
services-action-note = Message to the officer
services-action-why = Reason
services-action-note-required = Write a few words to the officer
services-action-note-long = The message is too long. Keep it under 4,000 characters or send it as a file.
services-action-send = Send
services-action-not = Back to the dossier

# ── Tracking ──
services-track-title = Track a dossier
services-track-where = The code stands on the receipt, and in the notices and e-mails sent to the applicant.
services-track-none = There is no dossier { $code }
services-track-none-text = Compare it with the receipt, letter by letter, and type it again.
services-track-names = This page shows status and dates only. The applicant signs in to see everything.
services-track-other = Track another dossier

# ── Verification ──
services-verify-title = Verify a paper
services-verify-text = Type the code below the paper's QR code, or paste the whole address. Scanning the QR code leads to the same page.
services-verify-label = Code of the paper
services-verify-button = Verify
services-verify-wrong = This is not the code of a paper
services-verify-wrong-text = The code has 32 digits and letters in five groups with hyphens. Type it again, or scan the QR code.

# ── Files ──
services-file-empty = The file “{ $name }” is empty. Choose another.
services-file-large = The file “{ $name }” is larger than 10 MB. Choose a smaller one, or take the photo at a lower resolution.
services-file-type = The file “{ $name }” is no PDF, JPEG or PNG, or it is damaged. Choose another.
services-file-many = Too many files wait to be handed in. Hand in or remove some before you send “{ $name }”.

# ── Notices ──
notice-dossier-submitted = Dossier { $code } is handed in
notice-dossier-submitted-body = Dossier { $code } was sent to the office. An officer will check it and tell you whether it is accepted.
notice-dossier-accepted = Dossier { $code } is accepted
notice-dossier-accepted-body = Dossier { $code } is accepted. Result due: { $due }.
notice-dossier-refused = Dossier { $code } was not accepted
notice-dossier-refused-body = Dossier { $code } was not accepted. The reason stands on its page.
notice-dossier-supplement = Dossier { $code } needs more papers
notice-dossier-supplement-body = Dossier { $code } needs more papers. Open its page to see what is asked for and send it; the time until then does not count.
notice-dossier-stopped = Work on dossier { $code } was stopped
notice-dossier-stopped-body = Work on dossier { $code } was stopped. The reason stands on its page.
notice-dossier-withdrawn = Dossier { $code } is withdrawn
notice-dossier-withdrawn-body = Dossier { $code } was withdrawn as you asked. A fee that was paid is refunded by the rules.
notice-dossier-done = The result of dossier { $code } is there
notice-dossier-done-body = Dossier { $code } is finished. The digitally signed result stands on its page.
notice-dossier-payment = A payment is due for dossier { $code }
notice-dossier-payment-body = The agency asks you to pay for dossier { $code }. The deadline is paused until the money has arrived.
notice-dossier-returned = The result of dossier { $code } was handed over
notice-dossier-returned-body = The result of dossier { $code } was handed over. The digitally signed one stays on its page.
notice-dossier-paid = The fee of dossier { $code } has arrived
notice-dossier-paid-body = We have received { $amount } for dossier { $code }.
notice-dossier-due-soon = Dossier { $code } is due soon
notice-dossier-due-soon-body = Dossier { $code } is due soon. Please handle it in time.
notice-dossier-overdue = Dossier { $code } is overdue
notice-dossier-overdue-body = Dossier { $code } is overdue. Please handle it now, apologise to the applicant and give a new date.
notice-dossier-assigned = Dossier { $code } is yours
notice-dossier-assigned-body = Dossier { $code } was assigned to you.
notice-dossier-to-sign = Dossier { $code } waits for your signature
notice-dossier-to-sign-body = Dossier { $code } was submitted for your signature.

# ── Exemptions, channels, steps, life events ──
services-exemption = Exemption from fees
services-exemption-title = Are you exempt from the fees?
services-exemption-hint = An officer checks the proof. If it is not right, the whole fee is due.
services-exemption-none = Not exempt
services-exemption-wrong = Choose a group, or say that you are not exempt
services-relief-exempt = exempt
services-relief-online = reduced for applying online

# ── Procedures imported from the national catalogue ──
services-issued = Papers issued to you
services-paper-receipt = Receipt with appointment for the result
services-paper-supplement-request = Request for further papers
services-paper-refusal = Notice of refusal
services-paper-apology = Apology with a new date for the result
services-paper-payment-receipt = Receipt for fees and charges
services-paper-number = No. { $number }
services-paper-signed = signed
services-paper-revoked = no longer valid

services-read-dossier = Read the dossier

services-sign = Sign the form
services-sign-why = This form has to be signed. You are shown it as a PDF, confirm the signature on your telephone, and then hand it in.
services-sign-pledge = By signing this form I, { $name }, declare that what I have stated is true and that I answer for it before the law.
services-sign-done = The form is signed. The last step is to hand it in.
services-sign-changed-title = The form was changed after it was signed
services-sign-changed = The signature that was given holds no more. Look through the form and sign it again before handing it in.
services-sign-title = Sign the form
services-sign-waiting-title = Confirm on your telephone
services-sign-waiting-text = A request went to your signing app and waits until { $at }. Confirm it, then come back to this page.
services-sign-confirmed-title = Signed
services-sign-confirmed-text = Your signature stands in the form. The last step is to hand it in.
services-sign-declined-title = Not signed
services-sign-declined-text = The request was declined on the telephone. The application was not handed in and is still saved.
services-sign-expired-title = The time to confirm is over
services-sign-expired-text = The request does not hold any more. The application was not handed in and is still saved.
services-sign-document = Document to sign
services-sign-code = Code to compare
services-sign-code-hint = Confirm only if your telephone shows the same
services-sign-pdf = See the form (PDF)
services-sign-signed-pdf = See the signed form (PDF)
services-sign-look = I have confirmed
services-sign-phone = Open the simulated telephone
services-sign-again = Ask for the signature again
services-sign-no-provider = It cannot be signed online at the moment. Hand it in at a one-stop counter, or come back later.
services-sign-no-credential = The provider of signatures has no certificate of yours. Get a personal certificate, or hand it in at a one-stop counter.
services-sign-unavailable = The provider of signatures does not answer. Your application is saved; try again in some minutes.
