# How content the applicant is.
rating-title = Are you content?
rating-text = Saying how this dossier was handled helps the office to do better. It sees totals only, not who said what.
rating-text-given = You have rated it. You may choose again at any time.
rating-label = How content are you?
rating-5 = Very content
rating-4 = Content
rating-3 = Neither
rating-2 = Discontent
rating-1 = Very discontent
rating-send = Send
rating-change = Send again
rating-choose = Choose one, then send again.
rating-said = Thank you for telling us.
