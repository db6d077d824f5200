# The life of a dossier: extension, undoing, opinions, linked dossiers, many at once, supervision.

services-step-open_child = Opened a related dossier
services-step-opened = Opened: { $title }
services-step-undo = Undid the step before
services-step-remark = Told by another system

office-extension = New date of the result
office-extension-hint = After the old one. A day off moves to the end of the next working day.
office-error-extension = Give a new date, after today and after the old one.
office-error-extended = This dossier has been extended as often as allowed.
office-stage-due = This step is due
office-stage-late = Overdue since { $at }
office-extended = Extended { $times ->
    [1] once
   *[other] { $times } times
 }
office-undo = Undo: { $action }
office-undo-hint = You can undo it until { $until }.
office-undone = Undone.
office-error-undo = The last step can no longer be undone.
office-related = Related dossiers
office-parent = Under the dossier
office-opinions-link = Ask other agencies

opinions-title = Opinions of other agencies
opinions-none = No agency has been asked yet.
opinions-ask = Ask
opinions-unit = Agency to ask
opinions-unit-another = Another agency (optional)
opinions-question = What you ask
opinions-days = Working days to answer
opinions-asked = The agencies have been asked.
opinions-called-off = The question was called off.
opinions-call-off = Call off
opinions-answer = Opinion
opinions-answer-hint = Say whether you agree, and on what ground.
opinions-attachment = Document
opinions-attachment-hint = Optional
opinions-send = Send the opinion
opinions-sent = Sent. The agency that asked has it now.
opinions-by = { $name }, { $unit }
opinions-about = Asked about the dossier
opinions-closed = This is done, so the dossier is no longer shown.
opinions-read-only = You can read this dossier until you have given your opinion. Reading it is on record.
opinions-case-title = Opinion: { $title }
opinions-error-question = Write what you ask, at most 4,000 characters.
opinions-error-units = Choose agencies other than your own that have no open question about this dossier.
opinions-error-days = Give 1 to 60 working days.
opinions-error-answer = Write the opinion, at most 4,000 characters.
opinions-error-file = This file was not taken. Send another PDF or image.

bulk-title = Many dossiers at once
bulk-action = With the chosen dossiers
bulk-tick = Choose the whole page
bulk-untick = Choose none
bulk-assign = Give to { $name }
bulk-assign-at = Give to { $name }, { $unit }
bulk-run = Do it
bulk-hint = Each dossier is handled for itself; where something is missing you are told why.
bulk-select = Choose dossier { $code }
bulk-choose = Choose
bulk-take = Take on
bulk-done = Done for { $done }; refused for { $refused }.
bulk-result-done = Done
bulk-result-refused = Refused
bulk-result = Result
bulk-reason = Now, or the reason
bulk-all-done = Done for { $done }.
bulk-none = No dossier was chosen
bulk-none-text = Go back to the list and tick 1 to 100 dossiers.
bulk-no-action = Nothing to do was chosen
bulk-no-action-text = Go back to the list, tick dossiers and choose what to do.
bulk-back = Back to the list
bulk-why-stale = Someone else has just changed it
bulk-why-not-now = It is not at this step
bulk-why-needs = The fee is not paid or the result is missing
bulk-why-not-yours = It is not yours to do
bulk-why-person = It cannot be given to this person, or a colleague is in charge of it
bulk-why-not-found = There is no such dossier
bulk-why-signing-deputy = A deputy signs by an entry in the register: ask the head for one
bulk-why-signing-not-yet = The entry that lets you sign has not begun
bulk-why-signing-ended = The entry that let you sign has ended: ask the head for a new one
bulk-why-signing-scope = This procedure is outside of what you were given to sign
bulk-why-signing = The register of this unit does not let you sign
bulk-why-other = It could not be done

linked-title = Dossiers set off
linked-text = These were opened from this dossier; you need not hand anything in again:
linked-text-of = These were told once together; you need not hand anything in again:

notice-opinion-asked = Your opinion is asked: { $code }
notice-opinion-asked-body = { $unit } asks for an opinion, code { $code }, due { $due }.
notice-opinion-answered = An opinion has come: { $code }
notice-opinion-answered-body = { $unit } has answered, code { $code }.
notice-opinion-overdue = Opinion overdue: { $code }
notice-opinion-overdue-body = The opinion { $code } is overdue. Please answer now.
notice-dossier-extended = New date for dossier { $code }
notice-dossier-extended-body = We are sorry that dossier { $code } could not be finished as promised. The new date is { $due }. The reason stands on the dossier's page.
notice-dossier-stage-overdue = Dossier { $code } is overdue at the step { $step }
notice-dossier-stage-overdue-body = Dossier { $code } should have left the step { $step }. Please move it on, so that the date promised can be kept.
notice-dossier-stage-soon = Dossier { $code }: the step { $step } is due soon
notice-dossier-stage-soon-body = Dossier { $code } should leave the step { $step } soon.
