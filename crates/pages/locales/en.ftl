# The frame and the shared components. Each system keeps its own texts.

site-what = Public services
site-office = Workspace
skip = Skip to main content
demo-ribbon = Simulated data: no person, dossier or payment on this site is real
nav-main = Main
nav-account = Account
nav-crumbs = Where this page is
nav-footer = Links
sign-in = Sign in
sign-out = Sign out
notices = Notices
notices-unread = { $count ->
    [one] one unread notice
   *[other] { $count } unread notices
}
other-language = Tiếng Việt
other-language-tag = vi
home = Home
hotline-title = Helpline
hotline-text = Call for help with a procedure or to report a problem in the city, day and night.
footer-about = A government that serves
footer-about-text = Give your details once, follow your dossier at any time, receive a digitally signed result on your phone.
footer-owner = People's Committee of { $city }
request-id = Request reference: { $id }

search = Search
change = Change
copy = Copy
copied = Copied
yes = Yes
no = No
not-given = Not given
pages = Pages
page-previous = Previous
page-next = Next
views = Choose a view
steps = Steps
step-done = done
step-current = in progress
step-todo = not yet
step-problem = needs attention
progress = Question { $done } of { $total }

field-optional = optional
field-error = Error
select-empty = Choose one
date-day = Day
date-month = Month
date-year = Year
upload-limit = PDF or picture, at most { $mb } MB each
upload-too-large = The file is larger than { $mb } MB. Choose a smaller one.
upload-sending = Sending
upload-choose = Choose a file
upload-chosen = Chosen
upload-done = Uploaded
upload-remove = Remove
errors-title = There is a problem
save-kept = Draft saved

notice-info = Information
notice-success = Success
notice-warning = Important
notice-error = Error

level-1 = Information (level 1)
level-2 = Forms to download (level 2)
level-3 = Partly online (level 3)
level-4 = Fully online (level 4)

state-1 = Newly registered
state-2 = Accepted
state-3 = Not accepted
state-4 = In process
state-5 = More papers requested
state-6 = Payment requested
state-7 = Withdrawn by the applicant
state-8 = Stopped
state-9 = Processing finished
state-10 = Result returned

error-home = Back to the home page
error-400 = Bad request
    .title = The request is not right
    .body = The server could not understand this request. Go back and try again.
error-401 = Sign in needed
    .title = You need to sign in
    .body = Sign in to see this page.
error-403 = No access
    .title = You do not have access to this page
    .body = This page is for another person or another role. If you think this is a mistake, call the helpline.
error-404 = Page not found
    .title = Page not found
    .body = The address may be mistyped, or the page has moved. You can search for a procedure from the home page.
error-409 = Changed meanwhile
    .title = Somebody else has just changed this
    .body = Reload the page to see the latest, then try again.
error-410 = Gone
    .title = This page no longer exists
    .body = The content was removed or the link has expired.
error-413 = File too large
    .title = The file is too large
    .body = Choose a smaller file, or take the picture again at a lower resolution.
error-422 = Not valid
    .title = The information is not valid
    .body = Go back, check what you entered and send it again.
error-429 = Too many requests
    .title = You have sent too many requests
    .body = Wait a few minutes, then try again.
error-500 = Something went wrong
    .title = Something went wrong on our side
    .body = This is our fault, not yours. What you saved is still there. Try again in a few minutes.
error-503 = Unavailable
    .title = The service is unavailable for a short time
    .body = We are doing maintenance. Come back in a few minutes; what you saved is still there.

design-title = Design system
design-lead = Every component on one page: to look at, to take pictures of, to test for accessibility.
