# What has to be corrected in a form. Each sentence says which question and what to do.

forms-wrong-required = Enter an answer to “{ $label }”
forms-wrong-required-choice = Choose an answer to “{ $label }”
forms-wrong-required-upload = Attach a file for “{ $label }”
forms-wrong-unknown = The form has no question “{ $label }”. Leave it out.
forms-wrong-type = “{ $label }” is not of the right kind. Enter it again.
forms-wrong-choice = “{ $label }”: choose one of the answers given
forms-wrong-pattern = “{ $label }” is not in the form asked for. Read the hint and enter it again.
forms-wrong-too-long = “{ $label }” is longer than { $limit } characters. Shorten it.
forms-wrong-too-short = “{ $label }” needs at least { $limit } characters
forms-wrong-too-many = “{ $label }”: choose { $limit } at most
forms-wrong-too-few = “{ $label }”: choose at least { $limit }
forms-wrong-too-many-upload = “{ $label }” takes { $limit } files at most. Remove some, or put them into one PDF.
forms-wrong-too-few-upload = “{ $label }” needs at least { $limit } files
forms-wrong-number = “{ $label }”: enter a number in digits, such as 2
forms-wrong-whole = “{ $label }”: enter a whole number
forms-wrong-maximum = “{ $label }” must be { $limit } or less
forms-wrong-minimum = “{ $label }” must be { $limit } or more
forms-wrong-below = “{ $label }” must be less than { $limit }
forms-wrong-above = “{ $label }” must be more than { $limit }
forms-wrong-multiple = “{ $label }” must be a multiple of { $limit }
forms-wrong-date = “{ $label }” is no day of the calendar. Enter day, month and year, such as 21 11 2026.
forms-wrong-date-incomplete = “{ $label }”: enter day, month and year
forms-wrong-date-future = “{ $label }” must not be after today
forms-wrong-date-past = “{ $label }” must not be before today
forms-wrong-citizen-id = “{ $label }”: a citizen identity number has 12 digits. Enter it as printed on the card.
forms-wrong-citizen-id-province = “{ $label }”: the first three digits are no province code. Compare them with the card.
forms-wrong-citizen-id-year = “{ $label }”: the birth year in the number lies in the future. Compare it with the card.
forms-wrong-phone = “{ $label }” is not a telephone number. Enter all 10 digits, such as 0905 123 456; a number abroad begins with +.
forms-wrong-email = “{ $label }” is not an e-mail address. Example: lan.tran@example.vn
forms-wrong-area = “{ $label }”: choose a ward, commune or special zone from the list
forms-wrong-upload = “{ $label }”: this file has not been uploaded. Attach it again.

forms-draft-changed = The form was updated after you last saved. Answers that still fit were kept.
forms-draft-again = Please answer again: { $questions }.
forms-draft-gone = Some questions are asked no more, so their answers were removed.
