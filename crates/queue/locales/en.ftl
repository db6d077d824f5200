# ── Queue tickets ──
queue-menu = Queue
queue-title = Take a number
queue-lead = Choose what you have come for. No personal data are asked.
queue-priority = Priority
queue-priority-hint = Choose one of these if it is so for you, then what you have come for.
queue-priority-none = None of these
queue-number = Number { $number }
queue-your-number = Your number
queue-ahead = { $count ->
    [0] You are next.
    [1] One person is before you.
   *[other] { $count } people are before you.
 }
queue-wait = About { $minutes } minutes, by the calls of today.
queue-wait-unknown = Too few have been called yet to say how long.
queue-follow = Scan this code to follow it on your phone
queue-follow-qr = QR code of the page of number { $number }
queue-again = Take another number
queue-print = Keep this number, or print this page.
queue-state-waiting = waiting
queue-state-called = please come to { $desk }
queue-state-done = done
queue-state-skipped = passed over
queue-board = Board of numbers
queue-board-now = Now called
queue-board-none = No number called yet
queue-board-waiting = { $count } waiting
queue-closed = All numbers of today are given out
queue-closed-text = Come back on the next working day, or apply online.
queue-full = Too many people wait at the moment. Try again in a few minutes.
queue-service-wrong = Choose what you have come for
queue-desk = Desk of the queue
queue-desk-name = Desk
queue-desk-hint = As the board names it: Desk 3
queue-desk-wrong = Write the name of the desk, at most 40 characters
queue-call = Call the next
queue-call-again = Call again
queue-done = Done
queue-skip = Not here
queue-intake = Take in a dossier
queue-mine = At this desk
queue-mine-none = Nobody called yet
queue-waiting = Waiting
queue-waiting-none = Nobody waits
queue-unit = Unit
queue-service = Field
queue-taken = Since
queue-nobody = Nobody waits any more
queue-today = Today: { $taken } numbers, { $done } done, { $skipped } not here
queue-source = Basis of priority: { $source }
counter-search = Search
