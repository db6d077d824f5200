# How content the applicant is.
rating-title = Are you content?
rating-text = Saying how this dossier was handled helps the office to do better. The rating is used in totals only, which do not say who rated.
rating-text-given = You have rated it. You may choose again at any time; once the month of your first rating is over, published figures do not change any more.
rating-label = How content are you?
rating-5 = Very content
rating-4 = Content
rating-3 = Neither
rating-2 = Discontent
rating-1 = Very discontent
rating-comment = What would you like to say?
rating-comment-hint = The head of the office and administrators read it, without your name or the dossier's code. At most 500 characters.
rating-long = That is too long. Write at most 500 characters, then send again.
rating-send = Send
rating-change = Send again
rating-choose = Choose one, then send again.
rating-said = Thank you for telling us.
