# Thông báo trong ứng dụng và qua thư điện tử.

notices-new = Mới
notices-read-all = Đánh dấu tất cả đã đọc
notices-mark = Đánh dấu đã đọc
notices-open = Xem chi tiết
notices-none = Chưa có thông báo
notices-none-text = Khi hồ sơ của bạn có thay đổi, thông báo sẽ hiện ở đây.

notices-mailbox = Hộp thư mô phỏng
notices-simulated = Dữ liệu mô phỏng
notices-mailbox-text = Trong bản trình diễn, thư không được gửi đi mà được để ở đây cho mọi người xem. Người nhận không có thật.
notices-mailbox-none = Chưa có thư nào
notices-mailbox-none-text = Thư xuất hiện ở đây khi hệ thống gửi thông báo cho người mô phỏng.
notices-from = Người gửi
notices-to = Người nhận
notices-date = Thời gian
notices-state = Trạng thái
notices-state-waiting = Đang chờ gửi
notices-state-sent = Đã gửi
notices-state-failed = Không gửi được
notices-raw = Tải tệp thư gốc (.eml)

notices-mail-demo = đây là thư của bản trình diễn, không có giá trị thật.
notices-mail-greeting = Kính gửi ông/bà { $name },
notices-mail-link = Xem chi tiết tại:
notices-mail-regards = Trân trọng,
notices-mail-automatic = Thư này được gửi tự động, xin không trả lời.
notices-mail-hotline = Cần hỗ trợ, xin gọi { $phone }.
