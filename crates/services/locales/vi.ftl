# Dịch vụ công: trang của người dân. Trang của cán bộ có tệp riêng.

services-menu-track = Tra cứu hồ sơ
services-menu-own = Hồ sơ của tôi
services-menu-verify = Xác minh giấy tờ
services-menu-api = Giao diện lập trình (API)

# ── Trang thủ tục ──
services-procedure = Thủ tục
services-procedure-gone = Thủ tục không còn áp dụng

# ── Soạn hồ sơ ──
services-back = Quay lại
services-continue = Tiếp tục
services-leave = Lưu lại, làm tiếp sau
services-save-change = Lưu thay đổi
services-known = Đã điền sẵn từ tài khoản. Hãy kiểm tra lại, sửa nếu cần.
services-resumed = Đang làm tiếp bản nháp lưu lúc { $at }
services-resumed-again = Bỏ bản nháp này và làm lại từ đầu
services-unit = Nơi giải quyết
services-unit-title = Nộp hồ sơ cho xã, phường nào?
services-unit-hint = Chọn nơi giải quyết theo hướng dẫn của thủ tục.
services-unit-suggested = Đã chọn sẵn nơi ông, bà cư trú. Có thể chọn nơi khác nếu thủ tục cho phép.
services-unit-wrong = Hãy chọn nơi giải quyết hồ sơ
services-total = Tổng cộng
services-no-deadline = Không quy định
services-submit = Nộp hồ sơ
services-review-title = Kiểm tra trước khi nộp
services-review-lead = Đọc lại từng mục. Chỗ nào chưa đúng, bấm “Thay đổi” bên cạnh.
services-review-unit = Nơi giải quyết và thời hạn
services-review-pay-later = Trả phí ngay sau khi nộp hồ sơ. Hồ sơ được tiếp nhận khi phí đã nộp đủ.
services-review-pledge = Khi bấm “Nộp hồ sơ”, tôi, { $name }, cam đoan nội dung đã khai là đúng sự thật và chịu trách nhiệm trước pháp luật về lời khai của mình.
services-review-refused = Hồ sơ chưa được nộp
services-review-changed = Bản nháp vừa được sửa ở một cửa sổ khác. Hãy đọc lại nội dung dưới đây rồi nộp.
services-review-answers = Có câu trả lời không còn phù hợp. Hãy kiểm tra lại các mục dưới đây.
services-review-uploads = Có tệp đính kèm không dùng được nữa. Hãy bỏ tệp đó và đính kèm lại.
services-review-day-full = Nơi đã chọn hết số tiếp nhận trong ngày. Bản nháp vẫn được giữ; hãy nộp lại vào ngày mai.
services-delete = Xóa
services-delete-title = Xóa bản nháp này?
services-delete-again-title = Bỏ bản nháp và làm lại từ đầu?
services-delete-text = Những gì đã khai trong bản nháp sẽ mất và không lấy lại được.
services-delete-again = Bỏ và làm lại
services-delete-keep = Giữ lại bản nháp
services-draft-updated = Lưu lần cuối
services-draft-saved = Lưu lúc { $at }
services-draft-kept-until = giữ đến hết ngày { $day }
services-draft-continue = Làm tiếp
services-stopped-gone-title = Không tìm thấy bản nháp
services-stopped-gone-text = Bản nháp có thể đã được nộp, đã bị xóa, hoặc đã quá 90 ngày không sửa. Hãy xem trong danh sách hồ sơ của mình.
services-stopped-closed-title = Thủ tục này đã ngừng nhận hồ sơ trực tuyến
services-stopped-closed-text = Thủ tục đã thay đổi từ khi ông, bà soạn bản nháp nên chưa nộp qua mạng được. Trang thủ tục cho biết nơi nộp và giấy tờ cần có; bản nháp vẫn được giữ.
services-stopped-procedure = Xem trang thủ tục

# ── Hồ sơ của tôi ──
services-own-title = Hồ sơ của tôi
services-own-new = Nộp hồ sơ mới
services-own-drafts = Đang soạn
services-own-dossiers = Đã nộp
services-own-none = Chưa có hồ sơ nào
services-own-none-text = Hồ sơ đã nộp và bản nháp đang soạn sẽ hiện ở đây.
services-own-none-action = Tìm thủ tục
services-received = Nộp lúc { $at }
services-said-saved = Đã lưu bản nháp. Có thể làm tiếp bất cứ lúc nào.
services-said-deleted = Đã xóa bản nháp
services-said-too-many = Đang có quá nhiều bản nháp. Hãy nộp hoặc xóa bớt trước khi soạn hồ sơ mới.
services-said-done = Đã gửi. Hồ sơ đã được cập nhật.
services-said-changed = Hồ sơ vừa có thay đổi nên việc này không còn thực hiện được. Dưới đây là tình trạng mới nhất.

# ── Vừa nộp xong ──
services-submitted-title = Đã nộp hồ sơ
services-submitted-next = Tiếp theo
services-submitted-next-pay = Nộp phí. Hồ sơ được tiếp nhận khi phí đã nộp đủ.
services-submitted-next-check = Cán bộ kiểm tra hồ sơ và tiếp nhận, hoặc nhắn nếu còn thiếu giấy tờ.
services-submitted-next-notice = Mỗi thay đổi đều được báo trong mục Thông báo và qua thư điện tử.
services-submitted-next-result = Kết quả hiện ngay trên trang hồ sơ.
services-submitted-open = Xem hồ sơ
services-submitted-track = Theo dõi hồ sơ
services-submitted-track-text = Quét mã này, hoặc nhập mã hồ sơ ở mục Tra cứu hồ sơ. Không cần đăng nhập.
services-submitted-qr = Mã QR dẫn đến trang tra cứu hồ sơ { $code }
services-submitted-key = Khóa tra cứu
services-submitted-key-text = Mã QR đã có khóa tra cứu: ai quét cũng thấy tên người nộp. Khóa chỉ hiện ở đây; hãy giữ riêng.

# ── Trang hồ sơ ──
services-dossier = Hồ sơ
services-dossier-code = Mã hồ sơ
services-dossier-about = Thông tin hồ sơ
services-dossier-received = Ngày nộp
services-dossier-due = Hẹn trả kết quả
services-dossier-closed = Kết thúc
services-dossier-applicant = Người nộp
services-due-by = Hẹn trả { $at }
services-due-late = Đã quá hẹn { $at }
services-due-paused = Tạm dừng tính thời hạn
services-due-done = Xong lúc { $at }
services-put-off = Hẹn lại: trả kết quả trước { $at }
services-put-off-step = Hẹn lại ngày trả kết quả
services-put-off-text = Chúng tôi xin lỗi vì chưa giải quyết xong hồ sơ đúng hẹn. Lý do:
services-due-ended = Kết thúc lúc { $at }
services-again = Soạn và nộp lại
services-again-text = Hãy sửa theo lý do trên rồi nộp lại. Có thể gọi tổng đài 1022 để được hướng dẫn.
services-now-pay = Hãy nộp phí để hồ sơ được tiếp nhận.
services-now-1 = Hồ sơ đã đến nơi giải quyết và đang chờ cán bộ kiểm tra.
services-now-2 = Hồ sơ đã được tiếp nhận. Thời hạn giải quyết đang được tính.
services-now-3 = Hồ sơ không được tiếp nhận. Xem lý do trong phần trao đổi; có thể soạn và nộp lại.
services-now-4 = Cán bộ đang xử lý hồ sơ. Ông, bà không phải làm gì thêm.
services-now-5 = Hồ sơ đang chờ ông, bà bổ sung giấy tờ. Thời gian chờ không tính vào thời hạn.
services-now-6 = Hồ sơ đang chờ ông, bà thực hiện nghĩa vụ tài chính. Thời gian chờ không tính vào thời hạn.
services-now-7 = Hồ sơ đã được rút theo yêu cầu của người nộp.
services-now-8 = Hồ sơ đã dừng xử lý.
services-now-9 = Hồ sơ đã có kết quả.
services-now-10 = Kết quả đã được trả. Hồ sơ đã hoàn tất.
services-result-title = Đã có kết quả
services-result-text = Văn bản điện tử có chữ ký số, có giá trị như bản giấy.
services-result-number = Số: { $number }
services-result-download = Tải kết quả (PDF)
services-result-verify = Trang xác minh của văn bản này
services-receipt-download = Giấy tiếp nhận (PDF)
services-pay-title = Phí cần nộp
services-pay-text = Quét mã QR bằng ứng dụng ngân hàng, hoặc trả bằng thẻ, ví điện tử.
services-pay-button = Thanh toán
services-charge-due = Chưa nộp
services-charge-paid = Đã nộp
services-charge-waived = Được miễn
services-charge-refunded = Được hoàn trả
services-charge-cancelled = Không phải nộp
services-timeline = Quá trình giải quyết
services-timeline-due = Hẹn trả kết quả
services-messages = Trao đổi với cơ quan giải quyết
services-papers = Giấy tờ đã nộp
services-answers = Nội dung đã khai
services-actor-system = Hệ thống
services-step-open = Nộp hồ sơ
services-step-take = Nhận việc
services-step-assign = Phân công
services-step-unassign = Trả lại việc

services-action-asked = Cơ quan giải quyết yêu cầu
services-action-ends = Hồ sơ sẽ kết thúc và không xử lý tiếp. Phí đã nộp được hoàn trả theo quy định.
services-action-files = Giấy tờ bổ sung
services-action-files-hint = Ảnh chụp rõ hoặc tệp PDF. Chọn được nhiều tệp một lần.
services-action-files-wrong = Có tệp không dùng được. Hãy bỏ tệp đó và đính kèm lại.
services-action-note = Lời nhắn cho cán bộ
services-action-why = Lý do
services-action-note-required = Hãy ghi vài dòng cho cán bộ biết
services-action-note-long = Lời nhắn quá dài. Hãy viết dưới 4.000 ký tự hoặc gửi thành tệp.
services-action-send = Gửi bổ sung
services-action-not = Quay lại hồ sơ

# ── Tra cứu ──
services-track-title = Tra cứu hồ sơ
services-track-where = Mã hồ sơ có trên giấy tiếp nhận, trong thông báo và thư điện tử gửi người nộp.
services-track-none = Không có hồ sơ nào mang mã { $code }
services-track-none-text = Hãy đối chiếu từng ký tự với giấy tiếp nhận rồi nhập lại.
services-track-names = Trang này chỉ cho biết tình trạng và ngày hẹn. Người nộp đăng nhập để xem đầy đủ.
services-track-other = Tra cứu hồ sơ khác

# ── Xác minh ──
services-verify-title = Xác minh giấy tờ
services-verify-text = Nhập mã in dưới mã QR của văn bản, hoặc dán cả địa chỉ. Quét mã QR bằng điện thoại cũng đến cùng một trang.
services-verify-label = Mã văn bản
services-verify-button = Xác minh
services-verify-wrong = Đây không phải là mã văn bản
services-verify-wrong-text = Mã gồm 32 chữ số và chữ cái, chia thành năm nhóm bằng dấu gạch ngang. Hãy nhập lại, hoặc quét mã QR.

# ── Tệp ──
services-file-empty = Tệp “{ $name }” không có nội dung. Hãy chọn tệp khác.
services-file-large = Tệp “{ $name }” lớn hơn 10 MB. Hãy chọn tệp nhỏ hơn hoặc chụp lại với độ phân giải thấp hơn.
services-file-type = Tệp “{ $name }” không phải PDF, JPEG hay PNG, hoặc đã bị hỏng. Hãy chọn tệp khác.
services-file-many = Có quá nhiều tệp đang chờ nộp. Hãy nộp hoặc bỏ bớt trước khi gửi thêm “{ $name }”.

# ── Thông báo ──
notice-dossier-submitted = Đã nộp hồ sơ { $code }
notice-dossier-submitted-body = Hồ sơ { $code } đã được gửi đến cơ quan giải quyết. Cán bộ sẽ kiểm tra và báo kết quả tiếp nhận.
notice-dossier-accepted = Hồ sơ { $code } đã được tiếp nhận
notice-dossier-accepted-body = Hồ sơ { $code } đã được tiếp nhận. Hẹn trả kết quả: { $due }.
notice-dossier-refused = Hồ sơ { $code } không được tiếp nhận
notice-dossier-refused-body = Hồ sơ { $code } không được tiếp nhận. Lý do ghi trên trang hồ sơ.
notice-dossier-supplement = Hồ sơ { $code } cần bổ sung giấy tờ
notice-dossier-supplement-body = Hồ sơ { $code } cần bổ sung. Hãy mở trang hồ sơ để xem yêu cầu và gửi giấy tờ; thời gian chờ không tính vào thời hạn.
notice-dossier-stopped = Hồ sơ { $code } đã dừng xử lý
notice-dossier-stopped-body = Hồ sơ { $code } đã dừng xử lý. Lý do ghi trên trang hồ sơ.
notice-dossier-withdrawn = Đã rút hồ sơ { $code }
notice-dossier-withdrawn-body = Hồ sơ { $code } đã được rút theo yêu cầu. Phí đã nộp, nếu có, được hoàn trả theo quy định.
notice-dossier-done = Hồ sơ { $code } đã có kết quả
notice-dossier-done-body = Hồ sơ { $code } đã giải quyết xong. Kết quả có chữ ký số nằm trên trang hồ sơ.
notice-dossier-payment = Hồ sơ { $code } cần thực hiện nghĩa vụ tài chính
notice-dossier-payment-body = Cơ quan giải quyết đề nghị ông/bà nộp tiền cho hồ sơ { $code }. Thời hạn giải quyết tạm dừng cho đến khi nhận được tiền.
notice-dossier-returned = Đã trả kết quả hồ sơ { $code }
notice-dossier-returned-body = Kết quả của hồ sơ { $code } đã được trả. Bản có chữ ký số vẫn nằm trên trang hồ sơ.
notice-dossier-paid = Đã nhận phí của hồ sơ { $code }
notice-dossier-paid-body = Đã nhận { $amount } cho hồ sơ { $code }.
notice-dossier-due-soon = Hồ sơ { $code } sắp đến hạn
notice-dossier-due-soon-body = Hồ sơ { $code } sắp đến hạn trả kết quả. Đề nghị xử lý kịp thời.
notice-dossier-overdue = Hồ sơ { $code } đã quá hạn
notice-dossier-overdue-body = Hồ sơ { $code } đã quá hạn trả kết quả. Đề nghị xử lý ngay, xin lỗi người nộp và hẹn lại.
notice-dossier-assigned = Được phân công hồ sơ { $code }
notice-dossier-assigned-body = Hồ sơ { $code } vừa được phân công cho ông/bà xử lý.
notice-dossier-to-sign = Hồ sơ { $code } chờ ký
notice-dossier-to-sign-body = Hồ sơ { $code } đã được trình, chờ ký số kết quả.

# ── Miễn phí, kênh nộp, bước, việc trong đời ──
services-exemption = Miễn phí, lệ phí
services-exemption-title = Ông, bà có thuộc diện được miễn phí, lệ phí không?
services-exemption-hint = Công chức sẽ kiểm tra giấy tờ chứng minh. Khai không đúng thì phải nộp đủ phí, lệ phí.
services-exemption-none = Không thuộc diện được miễn
services-exemption-wrong = Hãy chọn một diện, hoặc chọn không thuộc diện được miễn
services-relief-exempt = được miễn
services-relief-online = đã giảm vì nộp trực tuyến

# ── Thủ tục nhập từ Cơ sở dữ liệu quốc gia ──
services-issued = Giấy tờ cơ quan đã cấp
services-paper-receipt = Giấy tiếp nhận hồ sơ và hẹn trả kết quả
services-paper-supplement-request = Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ
services-paper-refusal = Phiếu từ chối tiếp nhận giải quyết hồ sơ
services-paper-apology = Phiếu xin lỗi và hẹn lại ngày trả kết quả
services-paper-payment-receipt = Biên lai thu phí, lệ phí
services-paper-number = Số { $number }
services-paper-signed = đã ký số
services-paper-revoked = không còn hiệu lực

services-read-dossier = Xem hồ sơ

services-sign = Ký số tờ khai
services-sign-why = Tờ khai này phải được ký số. Hệ thống lập bản PDF để ông, bà xem, rồi gửi yêu cầu đến điện thoại; ký xong mới nộp.
services-sign-pledge = Khi ký số tờ khai, tôi, { $name }, cam đoan nội dung đã khai là đúng sự thật và chịu trách nhiệm trước pháp luật về lời khai của mình.
services-sign-done = Tờ khai đã được ký số. Bước cuối cùng là nộp hồ sơ.
services-sign-changed-title = Tờ khai đã được sửa sau khi ký
services-sign-changed = Chữ ký trước không còn dùng được. Hãy kiểm tra rồi ký lại trước khi nộp.
services-sign-title = Ký số tờ khai
services-sign-waiting-title = Hãy xác nhận trên điện thoại
services-sign-waiting-text = Yêu cầu ký đã gửi đến ứng dụng ký số của ông, bà, có hiệu lực đến { $at }. Xác nhận xong, hãy quay lại trang này.
services-sign-confirmed-title = Đã ký số
services-sign-confirmed-text = Chữ ký của ông, bà đã nằm trong tờ khai. Bước cuối cùng là nộp hồ sơ.
services-sign-declined-title = Chưa ký được
services-sign-declined-text = Yêu cầu ký đã bị từ chối trên điện thoại. Hồ sơ chưa được nộp và vẫn được lưu.
services-sign-expired-title = Đã quá thời gian xác nhận
services-sign-expired-text = Yêu cầu ký không còn hiệu lực. Hồ sơ chưa được nộp và vẫn được lưu.
services-sign-document = Văn bản ký
services-sign-code = Mã đối chiếu
services-sign-code-hint = Chỉ xác nhận khi điện thoại hiện đúng mã này
services-sign-pdf = Xem tờ khai (PDF)
services-sign-signed-pdf = Xem tờ khai đã ký (PDF)
services-sign-look = Tôi đã xác nhận
services-sign-phone = Mở điện thoại mô phỏng
services-sign-again = Gửi lại yêu cầu ký
services-sign-no-provider = Hiện chưa ký số trực tuyến được. Xin nộp hồ sơ tại Bộ phận Một cửa, hoặc quay lại sau.
services-sign-no-credential = Nhà cung cấp chữ ký số chưa có chứng thư của ông, bà. Hãy đăng ký chứng thư số cá nhân, hoặc nộp hồ sơ tại Bộ phận Một cửa.
services-sign-unavailable = Nhà cung cấp chữ ký số không trả lời. Hồ sơ vẫn được lưu; hãy thử lại sau ít phút.
