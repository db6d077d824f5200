# Những gì cần sửa trong tờ khai điện tử. Mỗi câu nói rõ câu hỏi nào và phải làm gì.

forms-wrong-required = Hãy nhập câu trả lời cho “{ $label }”
forms-wrong-required-choice = Hãy chọn câu trả lời cho “{ $label }”
forms-wrong-required-upload = Hãy đính kèm tệp cho “{ $label }”
forms-wrong-unknown = Tờ khai không có mục “{ $label }”. Hãy bỏ mục này.
forms-wrong-type = “{ $label }”: dữ liệu không đúng kiểu. Hãy nhập lại.
forms-wrong-choice = “{ $label }”: hãy chọn một trong các câu trả lời có sẵn
forms-wrong-pattern = “{ $label }”: nội dung chưa đúng mẫu. Hãy xem hướng dẫn ở câu hỏi rồi nhập lại.
forms-wrong-too-long = “{ $label }”: dài quá { $limit } ký tự. Hãy viết ngắn lại.
forms-wrong-too-short = “{ $label }”: cần ít nhất { $limit } ký tự
forms-wrong-too-many = “{ $label }”: chỉ được chọn tối đa { $limit } mục
forms-wrong-too-few = “{ $label }”: cần chọn ít nhất { $limit } mục
forms-wrong-too-many-upload = “{ $label }”: chỉ nhận tối đa { $limit } tệp. Hãy bỏ bớt hoặc gộp vào một tệp PDF.
forms-wrong-too-few-upload = “{ $label }”: cần ít nhất { $limit } tệp
forms-wrong-number = “{ $label }”: hãy nhập bằng chữ số, ví dụ 2
forms-wrong-whole = “{ $label }”: hãy nhập số nguyên, không có phần thập phân
forms-wrong-maximum = “{ $label }”: không được lớn hơn { $limit }
forms-wrong-minimum = “{ $label }”: không được nhỏ hơn { $limit }
forms-wrong-below = “{ $label }”: phải nhỏ hơn { $limit }
forms-wrong-above = “{ $label }”: phải lớn hơn { $limit }
forms-wrong-multiple = “{ $label }”: phải là bội số của { $limit }
forms-wrong-date = “{ $label }”: ngày này không có trong lịch. Hãy nhập theo thứ tự ngày, tháng, năm, ví dụ 21 11 2026.
forms-wrong-date-incomplete = “{ $label }”: hãy nhập đủ ngày, tháng và năm
forms-wrong-date-future = “{ $label }”: ngày không được sau ngày hôm nay
forms-wrong-date-past = “{ $label }”: ngày không được trước ngày hôm nay
forms-wrong-citizen-id = “{ $label }”: số định danh cá nhân gồm 12 chữ số. Hãy nhập đúng như trên thẻ căn cước.
forms-wrong-citizen-id-province = “{ $label }”: ba chữ số đầu không phải là mã tỉnh, thành phố. Hãy đối chiếu với thẻ căn cước.
forms-wrong-citizen-id-year = “{ $label }”: năm sinh trong số định danh ở tương lai. Hãy đối chiếu với thẻ căn cước.
forms-wrong-phone = “{ $label }”: số điện thoại chưa đúng. Hãy nhập đủ 10 chữ số, ví dụ 0905 123 456; số nước ngoài bắt đầu bằng dấu +.
forms-wrong-email = “{ $label }”: địa chỉ thư điện tử chưa đúng. Ví dụ: lan.tran@example.vn
forms-wrong-area = “{ $label }”: hãy chọn một phường, xã hoặc đặc khu hiện có trong danh sách
forms-wrong-upload = “{ $label }”: tệp này chưa được tải lên. Hãy đính kèm lại.

forms-draft-changed = Tờ khai đã được cập nhật sau lần lưu trước. Những câu trả lời còn phù hợp được giữ nguyên.
forms-draft-again = Hãy trả lời lại: { $questions }.
forms-draft-gone = Một số câu hỏi cũ không còn trong tờ khai nên câu trả lời đã được bỏ.
